// Answers photo:// requests: a photo or its thumbnail by id. The engine says where it lies; whether
// it really lies in an allowed folder is checked here. Runs in app; knows files, not Electron.
import { constants } from 'node:fs'
import { open, realpath, type FileHandle } from 'node:fs/promises'
import { isFault } from '../wire/fault.ts'
import { photoName, type PhotoName } from './addresses.ts'
import { isInside } from './paths.ts'

/** Where a picture lies, as the engine's `locate` tells it. */
export interface Place {
  path: string
  root: string // the folder that the real path must be in
  contentType: string
}

const CHUNK_BYTES = 256 * 1024

function refusal(status: number): Response {
  return new Response(null, { status })
}

function streamOf(handle: FileHandle): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { bytesRead, buffer } = await handle.read(new Uint8Array(CHUNK_BYTES), 0, CHUNK_BYTES)
        if (bytesRead > 0) return controller.enqueue(buffer.subarray(0, bytesRead))
      } catch (error) {
        await handle.close()
        throw error
      }
      controller.close()
      await handle.close()
    },
    async cancel() {
      await handle.close()
    }
  })
}

// A link put in the place of the file after the check is not followed; a pipe does not block.
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/**
 * Opens the file if it is one and its real path lies in the real root; else says with what to
 * refuse.
 */
async function openInside(place: Place): Promise<FileHandle | 403 | 404> {
  try {
    const [path, root] = await Promise.all([realpath(place.path), realpath(place.root)])
    if (!isInside(path, root)) return 403
    const handle = await open(path, FLAGS)
    if ((await handle.stat()).isFile()) return handle
    await handle.close()
    return 403
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code === 'ENOENT' || code === 'ENOTDIR' ? 404 : 403
  }
}

/**
 * The answer to a request for a picture, as a stream: large files are never held whole.
 * @returns 200; 403 for anything but an id, or a real path outside its folder; 404 for an unknown
 * id or a file that is gone.
 */
export async function photoResponse(
  request: Request,
  locate: (name: PhotoName) => Promise<Place>
): Promise<Response> {
  const name = photoName(request.url)
  if (!name || request.method !== 'GET') return refusal(403)
  let place: Place
  try {
    place = await locate(name)
  } catch (error) {
    if (isFault(error)) return refusal(error.kind === 'not-found' ? 404 : 403)
    throw error
  }
  const handle = await openInside(place)
  if (typeof handle === 'number') return refusal(handle)
  return new Response(streamOf(handle), {
    headers: {
      'content-type': place.contentType,
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=60'
    }
  })
}
