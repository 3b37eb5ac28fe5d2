// Thumbnails by name, from the library's folder of them: no other process is asked. One that is not
// there, or is not whole, is made again by the engine first, asked once however many tiles wait.
// Runs in app; knows files, not Electron.
import { join } from 'node:path'
import { isWholeThumbnail, thumbnailFiles } from '../wire/thumbnail.ts'
import { openInside } from './open-inside.ts'

export interface ThumbnailFiles {
  /** The whole file; 404 where none is and none can be made, 403 for what is no plain file. */
  read(name: string): Promise<Read>
}

/** So often one is made again for one request. */
const ATTEMPTS = 2
/** Larger ones were not made by Kindred. */
const MOST_BYTES = 4 * 2 ** 20

/**
 * @param folder of the thumbnails; it may not be there yet.
 * @param remake has one made again; false: it cannot be.
 */
export function createThumbnailFiles(
  folder: string,
  remake: (name: string) => Promise<boolean>
): ThumbnailFiles {
  const remaking = new Map<string, Promise<boolean>>()

  function remadeOnce(name: string): Promise<boolean> {
    const held = remaking.get(name)
    if (held) return held
    const made = remake(name).finally(() => remaking.delete(name))
    remaking.set(name, made)
    return made
  }

  return {
    async read(name) {
      for (let attempt = 0; ; attempt++) {
        const found = await readAny(folder, name)
        if (found !== 404 || attempt === ATTEMPTS || !(await remadeOnce(name))) return found
      }
    }
  }
}

type Read = Uint8Array<ArrayBuffer> | 403 | 404

/** The first that is whole, of the files that may have this name. */
async function readAny(folder: string, name: string): Promise<Read> {
  for (const file of thumbnailFiles(name)) {
    const found = await readWhole(join(folder, file), folder)
    if (found !== 404) return found
  }
  return 404
}

/** 404 for one that is not whole, too. */
async function readWhole(path: string, folder: string): Promise<Read> {
  const handle = await openInside(path, folder)
  if (typeof handle === 'number') return handle
  try {
    const { size } = await handle.stat()
    if (size > MOST_BYTES) return 403
    const { buffer, bytesRead } = await handle.read(new Uint8Array(size), 0, size, 0)
    const bytes = buffer.subarray(0, bytesRead)
    return isWholeThumbnail(bytes) ? bytes : 404
  } finally {
    await handle.close()
  }
}
