// How much disk the sharp pictures of large tiles take: never much more than they may. The
// oldest go first; one that goes is made again when its tile is looked at. Runs in the writer.
import { readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { thumbnailPath } from '../../wire/thumbnail.ts'

/** Bytes: some 8,000 pictures. */
const MOST_BYTES = 2 ** 30
/** Removing goes on until so much of it is left. */
const LEFT = 0.75

export interface TileRoom {
  /** A picture of this content was made. Resolves when there is room again. */
  grew(hash: string): Promise<void>
}

interface Kept {
  path: string
  bytes: number
  at: number // ms since 1970
}

/**
 * Watches over a folder of pictures, which may not be there yet.
 * @param report told of a folder that cannot be looked through
 */
export function createTileRoom(
  folder: string,
  report: (error: unknown) => void,
  most = MOST_BYTES
): TileRoom {
  let bytes: number | undefined // not known before all were looked at once
  let last: Promise<void> = Promise.resolve()

  async function grow(hash: string): Promise<void> {
    const made = await stat(thumbnailPath(folder, hash)).catch(() => undefined)
    bytes = bytes === undefined ? sumOf(await keptIn(folder)) : bytes + (made?.size ?? 0)
    if (bytes > most) bytes = await cut(folder, most * LEFT)
  }

  return {
    grew(hash) {
      last = last.then(() => grow(hash)).catch(report)
      return last
    }
  }
}

/** Removes the oldest until no more than so many bytes are left; how many there are then. */
async function cut(folder: string, most: number): Promise<number> {
  const all = (await keptIn(folder)).sort((a, b) => a.at - b.at)
  let bytes = sumOf(all)
  for (const one of all) {
    if (bytes <= most) break
    await unlink(one.path).catch(() => undefined) // gone already, or not ours to remove
    bytes -= one.bytes
  }
  return bytes
}

function sumOf(all: readonly Kept[]): number {
  return all.reduce((sum, { bytes }) => sum + bytes, 0)
}

async function keptIn(folder: string): Promise<Kept[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const found: Kept[] = []
  for (const name of names) {
    const path = join(folder, name)
    const file = await stat(path).catch(() => undefined)
    if (file?.isFile()) found.push({ path, bytes: file.size, at: file.mtimeMs })
  }
  return found
}
