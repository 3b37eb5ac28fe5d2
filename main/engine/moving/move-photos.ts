// Moves and copies photos with what belongs to them, and has the catalogue follow at once: a photo
// that moves within the library keeps its row, one that leaves it is gone, one that is put back is
// there again. Runs in the writer, when no scan is on. App names the directory, never the page.
import { rm } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { NewPlace } from '../../catalogue/file-table.ts'
import { Fault } from '../../wire/fault.ts'
import type { MovedFile } from '../../wire/file-methods.ts'
import { systemCodeOf } from '../../wire/system-fault.ts'
import { lstatPatiently, noneOf, realPath, unknownOf } from '../faults/disk.ts'
import { contentHash } from '../folders/content-hash.ts'
import { nameDate } from '../folders/name-date.ts'
import { isOmitted } from '../folders/omissions.ts'
import { isInside, pathOf } from '../photo-paths.ts'
import { folderAround, makeFormerDirectory } from './former-directory.ts'
import { transferFiles } from './transfer.ts'
import type { Source } from './transfer.ts'

export interface Followed {
  /** Photos that came, left or lie elsewhere. */
  changed: number[]
  /** Directories of the library in which files came. */
  places: { folder: number; directory: string }[]
}

/**
 * Moves or copies a photo to a directory, with what belongs to it. `forbidden`: the library's own
 * folder. Throws a Fault; then nothing was moved.
 */
export async function transferPhoto(
  catalogue: Catalogue,
  { id, directory, copies }: { id: number; directory: string; copies: boolean },
  forbidden: string,
  signal?: AbortSignal
): Promise<Followed & { files: MovedFile[] }> {
  const target = (await realPath(directory).catch(noneOf)) ?? directory
  if (isInside(target, forbidden))
    throw new Fault({
      kind: 'bad-argument',
      subject: basename(directory),
      expected: 'a folder of your own',
      received: 'the one in which Kindred keeps its library'
    })
  const place = catalogue.photos.place(id)
  if (!place) throw unknown(id)
  const path = await ownFile(pathOf(place), place.root)
  if (!copies && dirname(path) === target) return { files: [], changed: [], places: [] }
  const sources: Source[] = [{ path, copies }]
  for (const name of catalogue.companions.of(id)) {
    const beside = join(dirname(path), name)
    const isThere = (await lstatPatiently(beside).catch(noneOf))?.isFile()
    // What belongs to another photo, too, stays with that.
    const isShared = catalogue.companions.shared(id, name)
    if (isThere) sources.push({ path: beside, copies: copies || isShared })
  }
  const places = placesOf(catalogue, path, join(target, basename(path)))
  const files = await transferFiles(sources, target, signal)
  if (!copies) return { files, ...(await followed(catalogue, id, files, places)) }
  const came = placeOf(catalogue, files[0]!.to)
  return { files, changed: [], places: came ? [came] : [] }
}

/**
 * Moves files back to where they were, under the names they had, or free ones if those are taken
 * now. The photo's row follows if it still is the row of its file: since then the library may have
 * been made anew.
 */
export async function putBack(
  catalogue: Catalogue,
  id: number,
  files: readonly MovedFile[]
): Promise<Followed> {
  const [own, ...beside] = files
  if (!own) return { changed: [], places: [] }
  const [moving, copied] = [[own], [] as MovedFile[]]
  for (const file of beside) ((await isCopy(file)) ? copied : moving).push(file)
  const sources = moving.map(({ from, to }) => ({ path: to, name: basename(from), copies: false }))
  const places = placesOf(catalogue, own.to, own.from)
  if (await fileAt(own.to)) await makeFormerDirectory(catalogue, own.from)
  const moved = await transferFiles(sources, dirname(own.from))
  for (const { to } of copied) await rm(to)
  const path = rowPath(catalogue, id)
  if (path !== own.to && path !== own.from) {
    const place = placeOf(catalogue, own.from)
    return { changed: [], places: place ? [place] : [] }
  }
  // A row outside the library was left as it was: it still has the former names.
  const known = path === own.to ? 'to' : 'from'
  const back = [
    ...moving.map((file, i) => ({ from: file[known], to: moved[i]!.to })),
    ...copied.map((file) => ({ from: file[known], to: file.from }))
  ]
  return followed(catalogue, id, back, places)
}

/** True where the file is a copy of one that stayed, since that belongs to another photo, too. */
async function isCopy({ from, to }: MovedFile): Promise<boolean> {
  if (!(await fileAt(from)) || !(await fileAt(to))) return false
  const hash = await contentHash(from)
  return hash !== undefined && hash === (await contentHash(to))
}

/** Where the file of a row lies, or lay. */
function rowPath(catalogue: Catalogue, id: number): string | undefined {
  const row = catalogue.files.candidate(id)
  const root = row && catalogue.folders.get(row.folder)?.path
  return row && root !== undefined ? join(root, row.directory, row.name) : undefined
}

/** Photos whose files were taken away are gone, those whose files came back are there again. */
export async function followFiles(
  catalogue: Catalogue,
  ids: readonly number[],
  now: number
): Promise<Followed> {
  const changed: number[] = []
  for (const id of ids) {
    const row = catalogue.files.candidate(id)
    const root = row && catalogue.folders.get(row.folder)?.path
    if (!row || root === undefined) continue
    const file = await fileAt(join(root, row.directory, row.name)).catch(unknownOf)
    if (file === 'unknown') continue // the next look tells
    const isSame = file?.size === row.size && file.modifiedAt === row.modifiedAt
    if (!file && row.status !== 'gone') catalogue.files.leave(id, now)
    else if (file && isSame && file.inode === row.inode && row.status === 'gone') {
      catalogue.files.comeBack(id)
      catalogue.files.noteChange(id, file.changedAt) // moving it was one
    } else continue
    changed.push(id)
  }
  return { changed, places: [] }
}

/**
 * Has the row of a photo follow its files. They lie elsewhere already, and who asked has to know
 * that: where the catalogue takes nothing now, `places` are looked through.
 */
async function followed(
  catalogue: Catalogue,
  id: number,
  files: readonly MovedFile[],
  places: Followed['places']
): Promise<Followed> {
  try {
    return await followMove(catalogue, id, files)
  } catch (error) {
    console.error(error)
    return { changed: [], places }
  }
}

/** The row of a photo takes the path of its file, or is gone where that is outside the library. */
async function followMove(
  catalogue: Catalogue,
  id: number,
  files: readonly MovedFile[]
): Promise<Followed> {
  const row = catalogue.files.candidate(id)
  const [own] = files
  const place = own && placeOf(catalogue, own.to)
  if (!row || !own) return { changed: [], places: [] }
  if (!place) {
    if (row.status !== 'gone') catalogue.files.leave(id, Date.now())
    return { changed: [id], places: [] }
  }
  const name = basename(own.to)
  const file = await fileAt(own.to)
  if (!file) return { changed: [id], places: [place] } // the next look at the directory tells
  const renamed = new Map(files.map(({ from, to }) => [basename(from), basename(to)]))
  const sidecar = row.sidecar === null ? undefined : renamed.get(row.sidecar)
  const beside = sidecar === undefined ? undefined : await fileAt(join(dirname(own.to), sidecar))
  const companions = [...renamed.values()].filter((one) => one !== name)
  const to: NewPlace = {
    ...place,
    name,
    inode: file.inode,
    modifiedAt: file.modifiedAt,
    changedAt: file.changedAt,
    sidecar: beside && sidecar !== undefined ? sidecar : null,
    sidecarModifiedAt: beside?.modifiedAt ?? null,
    companions: companions.length === 0 ? null : JSON.stringify(companions),
    original: row.original === null ? null : (renamed.get(row.original) ?? null)
  }
  const erased = catalogue.transaction(() => {
    const former = catalogue.files.relocate(id, to)
    catalogue.dates.rename(id, nameDate(name))
    // Between file systems less than a millisecond of the time may get lost.
    const isSame = file.size === row.size && Math.abs(file.modifiedAt - row.modifiedAt) < 1
    if (!isSame) catalogue.files.change(id, { ...file, name }) // while it lay elsewhere
    return former
  })
  return { changed: [id, ...(erased === undefined ? [] : [erased])], places: [place] }
}

/**
 * Where a path lies in the library: in the innermost folder, where one lies in another. What is
 * left out of a folder is not in it.
 */
function placeOf(
  catalogue: Catalogue,
  path: string
): { folder: number; directory: string } | undefined {
  const folder = folderAround(catalogue, path)
  if (!folder) return undefined
  const directory = relative(folder.path, dirname(path)).split(sep).join('/')
  if (isOmitted(directory, catalogue.omitted.directories(folder.id))) return undefined
  return { folder: folder.id, directory }
}

/** The places of the library in which these paths lie. */
function placesOf(catalogue: Catalogue, ...paths: string[]): Followed['places'] {
  return paths.map((path) => placeOf(catalogue, path)).filter((place) => place !== undefined)
}

/** The real path of a photo's file: a plain one that lies in its folder. */
async function ownFile(path: string, root: string): Promise<string> {
  const stats = await lstatPatiently(path).catch(noneOf)
  const real = await realPath(path).catch(noneOf)
  const realRoot = await realPath(root).catch(noneOf)
  if (!stats || real === undefined || realRoot === undefined) throw gone(path)
  if (isInside(real, realRoot) && stats.isFile()) return real
  throw new Fault({
    kind: 'no-access',
    subject: basename(path),
    expected: 'a file in the folder of its photo',
    received: 'a link out of it'
  })
}

type At = { size: number; modifiedAt: number; changedAt: number; inode: number }

async function fileAt(path: string): Promise<At | undefined> {
  try {
    const { size, mtimeMs: modifiedAt, ctimeMs: changedAt, ino: inode } = await lstatPatiently(path)
    return { size, modifiedAt, changedAt, inode }
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

function gone(path: string): Fault {
  const [expected, received] = ['a file', 'nothing, or a folder that is not there']
  return new Fault({ kind: 'not-found', subject: basename(path), expected, received })
}

function unknown(id: number): Fault {
  const [expected, received] = ['a photo of the library', 'none']
  return new Fault({ kind: 'not-found', subject: `photo ${id}`, expected, received })
}
