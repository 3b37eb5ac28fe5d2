// `kindred index <folder>...`: adds folders to the library and indexes until nothing is left.
import type { Command } from '../parser.ts'
import type { Progress } from '../../wire/engine-records.ts'
import { runWithEngine, withLibrary } from '../command.ts'
import { EXIT, spokenDuration } from '../output.ts'
import { waitAnswer, waitLine } from '../fault-lines.ts'

/** Registers the command. */
export function indexCommand(program: Command): void {
  withLibrary(program.command('index'))
    .description('Add folders to the library and index their photos.')
    .argument('<folder...>', 'folders of photos; they are looked through with all their subfolders')
    .addHelpText(
      'after',
      '\nAnswers {photos, indexed, failed, waits, seconds, photosPerSecond, computeBusy}: photos,' +
        '\nindexed and failed of the whole library, waits as status tells them; the rest of this run.' +
        '\ncomputeBusy is the share of the wall time in which the backbone ran, 0..1. A run that was' +
        '\nstopped goes on where it was; photos that wait are tried at once by the next run.'
    )
    .action((folders: string[], options: unknown) => index(folders, options))
}

async function index(folders: readonly string[], options: unknown): Promise<void> {
  await runWithEngine(options, async (engine, output) => {
    const leave = engine.onProgress((progress) => output.progress(lineOf(progress)))
    for (const folder of folders) {
      const { partOf } = await engine.addFolder(folder)
      if (partOf !== undefined) output.note(`kindred: ${folder} is part of “${partOf}” already.`)
    }
    await engine.resume()
    await engine.tryNow()
    await engine.rescan()
    const run = await engine.idle()
    leave()
    const { photos, indexed, failed } = engine.status()
    const { waits } = engine.progress()
    const answer = {
      photos,
      indexed,
      failed,
      waits: waits.map(waitAnswer),
      seconds: run.seconds,
      photosPerSecond: run.photosPerSecond,
      computeBusy: run.computeBusy
    }
    output.answer(answer, () => [
      `${indexed} of ${photos} photos are indexed, ${failed} failed` +
        (failed > 0 ? ' (kindred failed tells why).' : '.'),
      `This run: ${run.indexed} photos in ${spokenDuration(run.seconds)}, ` +
        `${run.photosPerSecond.toFixed(1)} a second, ` +
        `the backbone busy ${Math.round(run.computeBusy * 100)} % of the time.`
    ])
    for (const wait of waits) output.note(`kindred: ${waitLine(wait)}`)
    return waits.length > 0 ? EXIT.waiting : EXIT.done
  })
}

function lineOf(progress: Progress): string {
  const { state, done, total, failed, photosPerSecond, secondsLeft, currentFile } = progress
  const parts = [`${state}: ${done} of ${total}`]
  if (failed > 0) parts.push(`${failed} failed`)
  if (photosPerSecond > 0) parts.push(`${photosPerSecond.toFixed(0)} photos/s`)
  if (secondsLeft !== null) parts.push(`${spokenDuration(secondsLeft)} left`)
  if (currentFile !== null) parts.push(currentFile)
  return parts.join(', ')
}
