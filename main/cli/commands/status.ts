// `kindred status` and `kindred failed`: what the library holds, and what it could not read.
import type { Command } from '../parser.ts'
import { faultSentence } from '../../wire/fault-words.ts'
import { awaySentence } from '../../wire/away.ts'
import { leftOutSentence } from '../../wire/left-out.ts'
import type { Status } from '../../engine/api.ts'
import { isInside } from '../../engine/photo-paths.ts'
import { runWithAnswers, withLibrary } from '../command.ts'
import { waitAnswer, waitLine } from '../fault-lines.ts'

/** Cameras that are named; --json has all. */
const MOST_CAMERAS = 10

/** Registers both commands. */
export function statusCommands(program: Command): void {
  withLibrary(program.command('status'))
    .description('Tell what the library holds.')
    .addHelpText(
      'after',
      '\nAnswers {photos, indexed, pending, failed, damaged, companions, otherPaths, model,' +
        '\nbytesPerPhoto, cameras, waits, closed, leftOut, omitted, away}.' +
        '\ndamaged counts indexed photos of which a part is damaged, companions files that belong to' +
        '\na photo, otherPaths further paths of the same files; model is null until 256 photos' +
        '\nare indexed; cameras are those that photos were taken by: [{camera, photos}], most first;' +
        '\nbytesPerPhoto is the size of one code (0 while there is none); waits' +
        '\ntells what pending photos wait for: [{photos, folder, kind, reason, retryAt}], and which' +
        '\nfolders cannot be read: with closed: {directories, first}, and no photos; closed lists all' +
        '\nof these; leftOut tells what else is not read: [{folder, kind, count, first, reason}];' +
        '\nomitted are the paths of the subfolders that you left out;' +
        '\naway names the folders, and drives below them, that are not there: their photos are kept.'
    )
    .action(status)
  withLibrary(program.command('failed'))
    .description('List the photos that could not be indexed, each with its reason.')
    .addHelpText('after', '\nAnswers [{path, reason}].')
    .action(failed)
}

async function status(options: unknown): Promise<void> {
  await runWithAnswers(options, async (answers, output) => {
    const state = answers.status()
    const { photos, indexed, pending, model, waits, closed } = state
    const leftOut = state.leftOut.map(({ folder, some }) => ({
      folder,
      ...some,
      reason: leftOutSentence(some)
    }))
    output.answer({ ...state, waits: waits.map(waitAnswer), leftOut }, () => [
      `${photos} photos: ${indexed} indexed, ${pending} pending, ${state.failed} failed.`,
      ...(state.damaged > 0 ? [`Of ${state.damaged} of those indexed a part is damaged.`] : []),
      ...(state.otherPaths > 0 ? [otherPathLine(state.otherPaths)] : []),
      ...(state.companions > 0 ? [companionLine(state.companions)] : []),
      ...(state.cameras.length > 0 ? [cameraLine(state.cameras)] : []),
      ...waits.map(waitLine),
      ...(closed.length > 1 ? closed.map((path) => `    ${path}`) : []),
      ...(state.away.length > 0 ? [awaySentence(state.away)] : []),
      ...leftOut.flatMap(({ folder, kind, count, reason }) => [
        `${folder}: ${reason}`,
        ...(kind === 'chosen' && count > 1 ? omittedIn(state.omitted, folder) : [])
      ]),
      model
        ? `Model ${model.id} (${model.kind}): ${model.bits} bits a photo, fitted on ${model.fittedOn} photos.`
        : 'No model yet: it needs 256 indexed photos. Until then kin are found by whole features.'
    ])
  })
}

function omittedIn(omitted: readonly string[], folder: string): string[] {
  return omitted.filter((path) => isInside(path, folder)).map((path) => `    ${path}`)
}

function companionLine(files: number): string {
  return files === 1 ? '1 file belongs to a photo.' : `${files} files belong to photos.`
}

function otherPathLine(paths: number): string {
  return paths === 1
    ? '1 path leads to a file that is a photo under another path.'
    : `${paths} paths lead to files that are photos under other paths.`
}

/** The cameras that took most, and how many others there are. */
function cameraLine(cameras: Status['cameras']): string {
  const told = cameras.slice(0, MOST_CAMERAS).map(({ camera, photos }) => `${camera} (${photos})`)
  const others = cameras.length - told.length
  return `Cameras: ${[...told, ...(others > 0 ? [`${others} more`] : [])].join(', ')}.`
}

async function failed(options: unknown): Promise<void> {
  await runWithAnswers(options, async (answers, output) => {
    const photos = answers
      .failed()
      .map(({ path, fault }) => ({ path, reason: faultSentence(fault) }))
    output.answer(photos, () =>
      photos.length === 0
        ? ['No photo failed.']
        : photos.map(({ path, reason }) => `${path}\n    ${reason}`)
    )
  })
}
