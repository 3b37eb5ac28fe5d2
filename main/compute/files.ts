// The disk as compute uses it: a photo's bytes read, its thumbnail written. Runs in a photo thread.
// Reads plain files only, and never leaves half a thumbnail under the name of a whole one.
import { constants, existsSync, renameSync, writeFileSync, type Stats } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Fault, isFault } from '../wire/fault.ts'
import { HEAD_BYTES } from '../wire/picture-format.ts'
import { systemCodeOf, systemFault } from '../wire/system-fault.ts'
import { isWholeThumbnail, thumbnailFiles } from '../wire/thumbnail.ts'
import { thumbnailName, thumbnailPath } from '../wire/thumbnail.ts'
import { mayHoldFilm } from './held-inside.ts'

/** Larger files than this are refused: no photo that may be decoded needs more. */
export const MAXIMUM_BYTES = 512 * 2 ** 20

/** Files up to this size are read in one piece: that costs no more than their first bytes do. */
const SMALL_BYTES = 128 * 2 ** 10

/** EXIF and XMP of a JPEG are 64 kB each, and come first. */
export const METADATA_BYTES = 512 * 2 ** 10

/** An XMP file that is larger is not read. */
const MAXIMUM_SIDECAR_BYTES = 4 * 2 ** 20

const READABLE = 'a file that can be read'

/** So that opening a pipe does not wait for its writer; Windows has no such flag. */
const NO_WAIT = constants.O_NONBLOCK ?? 0

/**
 * How many bytes of a photo will be held: none of one that is too large. Throws the other Faults of
 * `readPhoto`, as far as they show unread.
 */
export async function photoSize(path: string): Promise<number> {
  const subject = basename(path)
  try {
    const size = sizeOf(await stat(path), subject)
    return size > MAXIMUM_BYTES ? 0 : size
  } catch (error) {
    throw systemFault(error, 'photo', subject, READABLE)
  }
}

/**
 * Reads a photo whole. Throws `too-large`, or the Fault of what the system refused.
 * `check`: sees its first bytes, at most `HEAD_BYTES`, before more of a large file is read, and may
 * throw.
 */
export function readPhoto(
  path: string,
  check: Check = () => undefined
): Promise<Uint8Array<ArrayBuffer>> {
  return readWith(path, check, (handle, size) => readBytes(handle, size))
}

/** Sees the first bytes of a file, and may throw. */
export type Check = (head: Uint8Array) => void

/**
 * Reads a photo in a way of its own, if it is not small; see `readPhoto`. `read`: gets the size of
 * the file, in bytes, and its first bytes.
 */
export async function readWith(
  path: string,
  check: Check,
  read: (handle: FileHandle, size: number, head: Uint8Array) => Promise<Uint8Array<ArrayBuffer>>
): Promise<Uint8Array<ArrayBuffer>> {
  const subject = basename(path)
  try {
    const handle = await open(path, constants.O_RDONLY | NO_WAIT)
    try {
      const size = sizeOf(await handle.stat(), subject)
      const first = await readBytes(handle, size <= SMALL_BYTES ? size : HEAD_BYTES)
      check(first.subarray(0, HEAD_BYTES))
      if (size <= SMALL_BYTES) return first
      refuseTooLarge(size, subject)
      return await read(handle, size, first)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw systemFault(error, 'photo', subject, READABLE)
  }
}

/**
 * Reads what of a photo may hold metadata: of a JPEG, which has it in front, the first part unless
 * there may be a film behind it, else all. Throws the Faults of `readPhoto`.
 */
export async function readMetadata(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const subject = basename(path)
  try {
    const handle = await open(path, constants.O_RDONLY | NO_WAIT)
    try {
      const size = sizeOf(await handle.stat(), subject)
      refuseTooLarge(size, subject)
      const head = await readBytes(handle, Math.min(size, METADATA_BYTES))
      if (size <= METADATA_BYTES) return head
      const isJpeg = head[0] === 0xff && head[1] === 0xd8
      const isEnough = isJpeg && !mayHoldFilm(head, await readBytes(handle, 4, size - 4))
      return isEnough ? head : await readBytes(handle, size)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw systemFault(error, 'photo', subject, READABLE)
  }
}

/**
 * Reads an XMP file beside a photo; null where there is none, or a huge one. Throws the Fault of
 * what the system refused: the file is there, and may tell another date than the photo.
 */
export async function readSidecar(path: string): Promise<Uint8Array | null> {
  try {
    const handle = await open(path, constants.O_RDONLY | NO_WAIT)
    try {
      const size = sizeOf(await handle.stat(), basename(path))
      return size <= MAXIMUM_SIDECAR_BYTES ? await readBytes(handle, size) : null
    } finally {
      await handle.close()
    }
  } catch (error) {
    const fault = systemFault(error, 'photo', basename(path), READABLE)
    if (isFault(fault, 'not-found')) return null // the photo's own date counts
    throw fault
  }
}

function sizeOf(status: Stats, subject: string): number {
  if (!status.isFile()) {
    const [expected, received] = ['a file', 'something else']
    throw new Fault({ kind: 'not-found', subject, expected, received })
  }
  return status.size
}

function refuseTooLarge(size: number, subject: string): void {
  if (size <= MAXIMUM_BYTES) return
  const [expected, received] = [`at most ${megabytes(MAXIMUM_BYTES)}`, megabytes(size)]
  throw new Fault({ kind: 'too-large', subject, expected, received })
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`
}

/** So many bytes of a file; fewer where it ends before. */
export async function readBytes(
  handle: FileHandle,
  size: number,
  begin = 0
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size)
  for (let filled = 0; filled < size;) {
    const { bytesRead } = await handle.read(bytes, filled, size - filled, begin + filled)
    if (bytesRead === 0) return bytes.slice(0, filled) // it shrank since its size was asked for
    filled += bytesRead
  }
  return bytes
}

/**
 * Makes a folder and those it lies in, where they are missing. Node's own way of doing that says
 * of a disk that is read-only that the folder is not there.
 */
export async function makeFolder(path: string, hasParent = false): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || hasParent) throw error
    await makeFolder(dirname(path))
    await makeFolder(path, true)
  }
}

/** Writes a file whole or not at all, even where the power is cut meanwhile. */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const unfinished = `${path}.unfinished`
  const file = await open(unfinished, 'w')
  try {
    await file.writeFile(content)
    await file.sync() // the bytes must reach the disk before the name does
  } finally {
    await file.close()
  }
  await rename(unfinished, path)
}

/** Whether a whole thumbnail of this content is there. */
export async function hasThumbnail(folder: string, hash: string): Promise<boolean> {
  for (const file of thumbnailFiles(thumbnailName(hash))) {
    try {
      const path = join(folder, file)
      if (existsSync(path) && isWholeThumbnail(await readFile(path))) return true
    } catch {
      // None, or one that cannot be read: it is written anew.
    }
  }
  return false
}

/**
 * Writes a small file at once, which takes a third of what waiting for it does; false where its
 * folder is missing.
 */
function writeIfFolder(path: string, bytes: Uint8Array): boolean {
  try {
    writeFileSync(path, bytes)
    return true
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return false
    throw error
  }
}

let written = 0

/**
 * Writes a thumbnail whole or not at all. Throws a Fault about the library.
 */
export async function writeThumbnail(
  folder: string,
  hash: string,
  bytes: Uint8Array
): Promise<void> {
  const path = thumbnailPath(folder, hash)
  const unfinished = `${path}.${process.pid}-${written++}.unfinished`
  try {
    if (!writeIfFolder(unfinished, bytes)) {
      await makeFolder(dirname(path))
      await writeFile(unfinished, bytes)
    }
    renameSync(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined) // the first error tells why
    throw systemFault(error, 'library', 'thumbnails', 'a folder that can be written')
  }
}
