// `kindred not-like <photo> <others>`: photos that are no kin of one, whatever a model says.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import * as v from 'valibot'
import type { Engine } from '../../engine/api.ts'
import { Fault } from '../../wire/fault.ts'
import { runWithEngine, withLibrary } from '../command.ts'
import type { Command } from '../parser.ts'

const Options = v.object({ takeBack: v.optional(v.boolean(), false) })

/** Registers the command. */
export function notLikeCommand(program: Command): void {
  withLibrary(program.command('not-like'))
    .description('Put photos away from the kin of one; the next learning knows of it.')
    .argument('<photo>', 'a photo of the library, by its path or id')
    .argument('<others...>', 'photos of the library that are not like it')
    .option('--take-back', 'they may be its kin again')
    .addHelpText(
      'after',
      '\nIt is remembered by what files hold, both ways: neither is told as kin of the other, nor learned' +
        '\nfrom as such. Answers {photo, putAway}: the photos that are put away from this one now.'
    )
    .action(notLike)
}

async function notLike(
  photo: string,
  others: readonly string[],
  options: unknown
): Promise<void> {
  const { takeBack } = v.parse(Options, options)
  const job: Parameters<typeof runWithEngine>[1] = async (engine, output) => {
    const id = idOf(engine, photo)
    await engine.setNotKin([id], others.map((other) => idOf(engine, other)), takeBack)
    const putAway = engine.putAway(id)
    output.answer({ photo, putAway }, () =>
      putAway.length === 0 ? ['No photo is put away from it.'] : ['Put away from it:', ...putAway]
    )
  }
  await runWithEngine(options, job, { compute: false })
}

function idOf(engine: Engine, photo: string): number {
  const isId = /^\d+$/.test(photo) && !existsSync(photo)
  const id = isId ? Number(photo) : engine.idOf(photo)
  if (id !== undefined) return id
  throw new Fault({
    kind: 'not-found',
    subject: resolve(photo),
    expected: 'a photo of the library',
    received: 'none'
  })
}
