// Moves or copies files that belong together into a directory: under free names, so that nothing is
// overwritten, and all or none. Between file systems a file is copied, the copy read back and
// compared, and only then the original goes. Runs in the writer; knows files, not photos. A disk
// that does not answer is met where nothing is moved yet, in questions that are given up: a call
// that changes something is never given up, since it may be carried out later.
import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import type { Stats } from 'node:fs'
import { copyFile, open, rename, rm, utimes } from 'node:fs/promises'
import { basename, dirname, join, parse } from 'node:path'
import { Fault } from '../../wire/fault.ts'
import type { MovedFile } from '../../wire/file-methods.ts'
import { systemCodeOf, systemFault } from '../../wire/system-fault.ts'
import { lstatPatiently, statPatiently } from '../faults/disk.ts'
import { contentHash } from '../folders/content-hash.ts'
import { syncDirectory, synced } from './synced.ts'

export interface Source {
  path: string
  /** What it is to be called; else it keeps its name. */
  name?: string
  /** The original stays. */
  copies: boolean
}

/** Where a file waits to get its name: its own place, or a copy beside the target. */
interface Staged extends Source {
  at: string
  isCopy: boolean
  /** The original as it was copied. */
  was: Stats
}

/**
 * Brings the files into the directory; the first gives the names. Throws a Fault, and then all lies
 * as it did.
 */
export async function transferFiles(
  sources: readonly Source[],
  directory: string,
  signal?: AbortSignal
): Promise<MovedFile[]> {
  const staged: Staged[] = []
  const names: string[] = []
  const named: Staged[] = []
  try {
    const target = await statPatiently(directory)
    for (const source of sources) {
      signal?.throwIfAborted()
      const was = await statPatiently(source.path)
      const isCopy = source.copies || was.dev !== target.dev
      const at = isCopy ? await copyVerified(source.path, was, directory, signal) : source.path
      staged.push({ ...source, at, isCopy, was })
    }
    const wanted = sources.map(({ path, name }) => name ?? basename(path))
    names.push(...(await reserveNames(directory, wanted)))
    for (const [i, file] of staged.entries()) {
      await giveName(file, join(directory, names[i]!))
      named.push(file)
    }
    const originals = staged.filter(({ isCopy, copies }) => isCopy && !copies)
    if (originals.length > 0) await syncDirectory(directory)
    for (const { path, was } of originals)
      if (!isAsItWas(await statPatiently(path), was)) throw notAsItWas(path)
    for (const { path } of originals) await rm(path) // none before all have answered
  } catch (error) {
    await takeBack(directory, staged, names, named.length)
    const subject = basename(sources[0]?.path ?? directory)
    throw systemFault(error, 'photo', subject, 'a file that can be brought to another folder')
  }
  return sources.map(({ path }, i) => ({ from: path, to: join(directory, names[i]!) }))
}

/** Gives a file its name, which is reserved. */
async function giveName(file: Staged, to: string): Promise<void> {
  try {
    await rename(file.at, to)
  } catch (error) {
    // One disk that is mounted in two places has one number.
    if (systemCodeOf(error) !== 'EXDEV' || file.isCopy) throw error
    file.at = await copyVerified(file.path, file.was, dirname(to))
    file.isCopy = true
    await rename(file.at, to)
  }
}

/**
 * Makes all as it was after a fault: `count` files have their names already. A file that cannot be
 * taken back is told in the log, and the others are. Exported for tests.
 */
export async function takeBack(
  directory: string,
  staged: readonly Staged[],
  names: readonly string[],
  count: number
): Promise<void> {
  for (const [i, file] of staged.entries()) {
    const name = names[i]
    const to = name === undefined ? undefined : join(directory, name)
    try {
      if (to !== undefined && i < count) await takeNamedBack(file, to)
      else await takeUnnamedBack(file, to)
    } catch (error) {
      const subject = basename(file.path)
      console.error(systemFault(error, 'photo', subject, 'a file that can be taken back'))
    }
  }
}

async function takeNamedBack(file: Staged, to: string): Promise<void> {
  if (file.isCopy) {
    if (!(await isThere(file.path))) await copyFile(to, file.path, constants.COPYFILE_EXCL)
    await rm(to, { force: true })
  } else if (!(await isThere(file.path))) await rename(to, file.path)
}

/**
 * Of a file that did not get its name, as far as the system told: over a network a renaming may be
 * carried out although a fault is told. So only an empty file loses the reserved name.
 */
async function takeUnnamedBack(file: Staged, to: string | undefined): Promise<void> {
  const [isWaiting, held] = [await isThere(file.at), to === undefined ? to : await sizeOf(to)]
  if (to !== undefined && held !== undefined) {
    if (isWaiting && held === 0) await rm(to)
    else if (!isWaiting && file.isCopy && held === file.was.size && (await isThere(file.path)))
      await rm(to) // the copy, which got its name
    else if (!isWaiting && !file.isCopy && held !== 0) await rename(to, file.path)
  }
  if (file.isCopy) await rm(file.at, { force: true })
}

/** Bytes of a file; undefined where none is there, for certain. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await lstatPatiently(path)).size
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await sizeOf(path)) !== undefined
}

/** Copies a file into the directory under a passing name, reads the copy and compares it. */
async function copyVerified(
  path: string,
  was: Stats,
  directory: string,
  signal?: AbortSignal
): Promise<string> {
  const copy = join(directory, `.kindred-${randomUUID()}.part`)
  try {
    await copyFile(path, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
    await synced(copy)
    const [original, read] = [await contentHash(path, signal), await contentHash(copy, signal)]
    const isSame = isAsItWas(await statPatiently(path), was)
    if (original === undefined || original !== read || !isSame) throw notAsItWas(path)
    await utimes(copy, was.atimeMs / 1000, was.mtimeMs / 1000)
  } catch (error) {
    await rm(copy, { force: true })
    throw error
  }
  return copy
}

function isAsItWas(is: Stats, was: Stats): boolean {
  return is.size === was.size && is.mtimeMs === was.mtimeMs
}

function notAsItWas(path: string): Fault {
  return new Fault({
    kind: 'disk-error',
    subject: basename(path),
    expected: 'a copy that is equal to its original',
    received: 'another one, or an original that changed meanwhile'
  })
}

/**
 * Names that are free in the directory, each held by an empty file: those of the files, or with the
 * same number in all of them.
 */
async function reserveNames(directory: string, names: readonly string[]): Promise<string[]> {
  const stem = parse(names[0] ?? '').name
  for (let number = 1; ; number++) {
    const wanted = names.map((name) => numbered(name, stem, number))
    const held: string[] = []
    try {
      for (const name of wanted) {
        await (await open(join(directory, name), 'wx')).close()
        held.push(name)
      }
      return wanted
    } catch (error) {
      for (const name of held) await rm(join(directory, name), { force: true })
      if (systemCodeOf(error) !== 'EEXIST') throw error
    }
  }
}

/** `a.jpg.xmp` with number 2, of a photo `a`: `a (2).jpg.xmp`. */
export function numbered(name: string, stem: string, number: number): string {
  if (number === 1) return name
  const own = name.startsWith(stem) ? stem : parse(name).name
  return `${own} (${number})${name.slice(own.length)}`
}
