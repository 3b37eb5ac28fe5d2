// `kindred similar <photo>`: the kin of a photo of the library, or of any photo file.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from '../parser.ts'
import * as v from 'valibot'
import { runWithLibrary, wholeNumber, withLibrary } from '../command.ts'
import { table } from '../output.ts'

const Options = v.object({ top: v.string() })

/** Registers the command. */
export function similarCommand(program: Command): void {
  withLibrary(program.command('similar'))
    .description('Find the kin of a photo.')
    .argument('<photo>', 'a photo file, in the library or not, or the id of a photo')
    .option('--top <n>', 'how many to show, at most 1000', '20')
    .addHelpText(
      'after',
      '\nAnswers {query, kin: [{path, score}]}, best first; scores are 0..1. The photo itself is left out.'
    )
    .action((photo: string, options: unknown) => similar(photo, options))
}

async function similar(photo: string, options: unknown): Promise<void> {
  const byId = /^\d+$/.test(photo) && !existsSync(photo)
  // Compute describes what the library has not described: a file outside, or a photo not indexed
  // yet.
  await runWithLibrary(options, { readOnly: true, compute: true }, async ({ session, output }) => {
    const top = wholeNumber('--top', v.parse(Options, options).top, 1, 1000)
    const path = resolve(photo)
    const query = byId ? { id: Number(photo) } : { path }
    const kin = (await session.engine.similar(query, top)).map(({ path, score }) => ({
      path,
      score
    }))
    output.answer({ query: byId ? Number(photo) : path, kin }, () =>
      kin.length === 0
        ? ['No kin: the library holds no other indexed photo.']
        : table(kin.map(({ path, score }) => [score.toFixed(3), path]))
    )
  })
}
