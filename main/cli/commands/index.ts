// `kindred index <folder>...`: adds folders to the library and indexes until nothing is left.
import type { Command } from '../parser.ts'
import type { Progress } from '../../wire/engine-contract.ts'
import { runWithEngine, withLibrary } from '../command.ts'
import { spokenDuration } from '../output.ts'

/** Registers the command. */
export function indexCommand(program: Command): void {
  withLibrary(program.command('index'))
    .description('Add folders to the library and index their photos.')
    .argument('<folder...>', 'folders of photos; they are looked through with all their subfolders')
    .addHelpText(
      'after',
      '\nAnswers {photos, indexed, failed, seconds, photosPerSecond, computeBusy}: photos, indexed and' +
        '\nfailed of the whole library; the rest of this run. computeBusy is the share of the wall' +
        '\ntime in which the backbone ran, 0..1. A run that was stopped goes on where it was.'
    )
    .action((folders: string[], options: unknown) => index(folders, options))
}

async function index(folders: readonly string[], options: unknown): Promise<void> {
  await runWithEngine(options, async (engine, output) => {
    const leave = engine.onProgress((progress) => output.progress(lineOf(progress)))
    for (const folder of folders) await engine.addFolder(folder)
    await engine.resume()
    await engine.rescan()
    const run = await engine.idle()
    leave()
    const { photos, indexed, failed } = engine.status()
    const answer = {
      photos,
      indexed,
      failed,
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
