// `kindred leave-out` and `kindred take-back`: which subfolders of the library are not looked into, and
// which photos are too small for a folder.
import * as v from 'valibot'
import type { Engine } from '../../engine/api.ts'
import { leftOutSentence } from '../../wire/left-out.ts'
import { MOST_LEAST_PIXELS } from '../../wire/folder-methods.ts'
import { runWithEngine, wholeNumber, withLibrary } from '../command.ts'
import type { Output } from '../output.ts'
import type { Command } from '../parser.ts'

const Options = v.object({ smallerThan: v.optional(v.string()) })

const ANSWER = '\nAnswers {photos, omitted}: the photos of the library, the folders that are left out.'

/** Registers both commands. */
export function leaveOutCommands(program: Command): void {
  withLibrary(program.command('leave-out'))
    .description('Leave subfolders out of the library. What is known of their photos is kept.')
    .argument('<folder...>', 'folders inside those of the library')
    .option(
      '--smaller-than <pixels>',
      'only photos of these folders of the library whose longer side has fewer; 0: none'
    )
    .addHelpText('after', ANSWER)
    .action(leaveOut)
  withLibrary(program.command('take-back'))
    .description('Take subfolders back that were left out.')
    .argument('<folder...>', 'folders that were left out, as `status` tells them')
    .addHelpText('after', ANSWER)
    .action(takeBack)
}

async function leaveOut(folders: readonly string[], options: unknown): Promise<void> {
  const job = async (engine: Engine, output: Output): Promise<void> => {
    const { smallerThan } = v.parse(Options, options)
    const least = smallerThan === undefined ? undefined : pixels(smallerThan)
    for (const folder of folders)
      if (least === undefined) await engine.leaveOut(folder)
      else await engine.setLeastPixels(folder, least)
    tell(engine, output)
  }
  await runWithEngine(options, job, { compute: false })
}

async function takeBack(folders: readonly string[], options: unknown): Promise<void> {
  await runWithEngine(options, async (engine, output) => {
    for (const folder of folders) await engine.takeBack(folder)
    await engine.rescan()
    await engine.idle()
    tell(engine, output)
  })
}

function pixels(text: string): number {
  return wholeNumber('--smaller-than', text, 0, MOST_LEAST_PIXELS)
}

function tell(engine: Engine, output: Output): void {
  const { photos, omitted, leftOut } = engine.status()
  output.answer({ photos, omitted }, () => [
    `${photos} photos in all.`,
    ...leftOut
      .filter(({ some }) => some.kind === 'chosen' || some.kind === 'small')
      .map(({ folder, some }) => `${folder}: ${leftOutSentence(some)}`)
  ])
}
