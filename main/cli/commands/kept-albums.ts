// `kindred albums`: questions that were kept under a name; their photos as they are now.
import * as v from 'valibot'
import type { LibraryAnswers } from '../../engine/api.ts'
import type { AlbumInfo } from '../../wire/methods/album-methods.ts'
import { Fault } from '../../wire/fault.ts'
import { runWithAnswers, runWithEngine, wholeNumber, withLibrary } from '../command.ts'
import { badOption } from '../filter-options.ts'
import { kinAnswer, kinLine } from '../kin-lines.ts'
import { table } from '../output.ts'
import type { Command } from '../parser.ts'

const Options = v.object({
  top: v.string(),
  remove: v.optional(v.boolean(), false),
  takeBack: v.optional(v.boolean(), false)
})

/** Registers the command. */
export function albumsCommand(program: Command): void {
  withLibrary(program.command('albums'))
    .description('List the albums, or open one: its question is asked anew.')
    .argument('[album]', 'an album, by its name or id')
    .option('--top <n>', 'how many photos to show, at most 1000', '100')
    .option('--remove', 'remove the album; its photos stay')
    .option('--take-back', 'put an album back that was removed in the last 30 days')
    .addHelpText(
      'after',
      '\nAlbums are kept in the window. Answers {albums: [{id, name, filter, like, unlike}]}: with how many' +
        '\npictures each is asked that its photos are like and unlike, and what else narrows. Of one that' +
        '\nis opened: {album, missing, kin}, kin as `similar` has them, or where it is a filter alone' +
        '\n{album, missing, photos}, the newest first. missing: names of the files that it is asked with' +
        '\nwhose content is in the library no more; it is asked without them.'
    )
    .action((album: string | undefined, options: unknown) => albums(album, options))
}

async function albums(album: string | undefined, options: unknown): Promise<void> {
  const { top, remove, takeBack } = v.parse(Options, options)
  const count = wholeNumber('--top', top, 1, 1000)
  if ((remove || takeBack) && album === undefined)
    throw badOption(remove ? '--remove' : '--take-back', 'the name of an album before it', 'none')
  if (remove && takeBack) throw badOption('--remove', 'no --take-back beside it', 'both')
  if (album === undefined) return runWithAnswers(options, list)
  if (remove || takeBack) return change(album, remove, options)
  await runWithAnswers(options, (answers, output) => open(answers, output, album, count))
}

type Output = Parameters<Parameters<typeof runWithAnswers>[1]>[1]

async function list(answers: LibraryAnswers, output: Output): Promise<void> {
  const found = answers.albums()
  const told = found.map(({ cover: _, ...album }) => album)
  output.answer({ albums: told }, () =>
    found.length === 0 ? ['There is no album.'] : table(found.map(lineOf))
  )
}

/** Its name, what it asks, its id. */
function lineOf({ id, name, like, unlike, filter }: AlbumInfo): string[] {
  const narrowing = Object.keys(filter)
  const asks = [
    ...(like > 0 ? [`like ${like}`] : []),
    ...(unlike > 0 ? [`unlike ${unlike}`] : []),
    ...(narrowing.length > 0 ? [`by ${narrowing.join(', ')}`] : [])
  ]
  return [name, asks.join('; '), `id ${id}`]
}

async function open(
  answers: LibraryAnswers,
  output: Output,
  wanted: string,
  top: number
): Promise<void> {
  const { id, like } = albumOf(answers, wanted)
  const { name, missing, kin, photos } = await answers.openAlbum(id, top)
  for (const file of missing)
    output.note(`kindred: ${file} is in the library no more: asked without it until it is back.`)
  const album = { id, name }
  if (like === 0) output.answer({ album, missing, photos }, () => orNone(photos))
  else {
    const lines = (): string[] => orNone(table(kin.map(kinLine)))
    output.answer({ album, missing, kin: kin.map(kinAnswer) }, lines)
  }
}

function orNone(lines: string[]): string[] {
  return lines.length > 0 ? lines : ['No photo is in it now.']
}

async function change(wanted: string, isRemoved: boolean, options: unknown): Promise<void> {
  const job: Parameters<typeof runWithEngine>[1] = async (engine, output) => {
    if (isRemoved) {
      const { id, name } = albumOf(engine, wanted)
      await engine.removeAlbum(id)
      const lines = [`Removed “${name}”; --take-back puts it back.`]
      output.answer({ removed: { id, name } }, () => lines)
      return
    }
    const [id] = engine.removedAlbums(wanted)
    if (id === undefined) throw noAlbum(wanted, 'an album that was removed in the last 30 days')
    await engine.putAlbumBack(id)
    output.answer({ putBack: { id, name: wanted } }, () => [`“${wanted}” is back.`])
  }
  await runWithEngine(options, job, { compute: false })
}

/** The album of this name, else of this id. Throws Fault not-found; bad-argument for several. */
function albumOf(answers: LibraryAnswers, wanted: string): AlbumInfo {
  const all = answers.albums()
  const named = all.filter(({ name }) => name === wanted)
  const ids = named.map(({ id }) => id).join(', ')
  if (named.length > 1)
    throw badOption(wanted, `the id of one of the albums that are called so (${ids})`, 'their name')
  const found = named[0] ?? all.find(({ id }) => String(id) === wanted)
  if (!found) throw noAlbum(wanted, 'an album of the library')
  return found
}

function noAlbum(subject: string, expected: string): Fault {
  return new Fault({ kind: 'not-found', subject: `album “${subject}”`, expected, received: 'none' })
}
