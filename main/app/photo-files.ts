// Answers photo:// requests: a thumbnail by its name, from the library's folders; a photo by its
// id, from where the engine says that it lies. Whether it really lies in an allowed folder is
// checked here. Runs in app; knows files and web Responses, not Electron.
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { isFault } from '../wire/fault.ts'
import { HEAD_BYTES, contentTypeOf } from '../wire/picture-format.ts'
import { KEPT_PICTURES, type PictureKind } from '../wire/thumbnail.ts'
import { pictureName } from './addresses.ts'
import { openInside } from './open-inside.ts'
import type { Control } from './control.ts'
import { createThumbnailFiles, type ThumbnailFiles } from './thumbnail-files.ts'

/** Where a photo lies, as the engine's `locate` tells it. */
export interface Place {
  path: string
  root: string // the folder that the real path must be in
  needsRendering: boolean // browsers may show another picture of it
}

export interface Pictures {
  /** Of each kind, by name. */
  kept: Record<PictureKind, ThumbnailFiles>
  /** Throws a Fault: not-found for an id that is not known. */
  locate(id: number): Promise<Place>
  /** A JPEG of a photo that browsers do not show as it is. Throws a Fault for one not read. */
  render(id: number): Promise<Uint8Array<ArrayBuffer>>
}

/** The pictures of a library: the folders in it, and the engine that knows its photos. */
export function picturesOf(library: string, engine: Pick<Control, 'call'>): Pictures {
  const kept = (kind: PictureKind): ThumbnailFiles =>
    createThumbnailFiles(join(library, KEPT_PICTURES[kind].folder), async (name) => {
      const { made } = await engine.call('remakeThumbnail', { name, kind })
      return made
    })
  return {
    kept: { thumb: kept('thumb'), tile: kept('tile') },
    locate: (id) => engine.call('locate', { id }),
    render: async (id) => new Uint8Array((await engine.call('render', { id })).bytes)
  }
}

const CHUNK_BYTES = 256 * 1024

/** A thumbnail's name stands for its content: what was answered once holds for ever. */
const FOR_EVER = 'private, max-age=31536000, immutable'
/** A photo may be edited: it is asked for each time it is shown. */
const NEVER = 'no-store'

/**
 * The answer to a request for a picture.
 * @returns 200; 403 for any other address or method, or a real path outside its folder; 404 for
 * what is not known, is gone or cannot be made.
 */
export async function pictureResponse(request: Request, pictures: Pictures): Promise<Response> {
  const name = pictureName(request.url)
  if (!name || request.method !== 'GET') return refusal(403)
  if (name.what === 'photo') return photoResponse(name.id, pictures)
  const bytes = await pictures.kept[name.what].read(name.name)
  if (typeof bytes === 'number') return refusal(bytes)
  return found(bytes, contentTypeOf(bytes) ?? 'image/jpeg', FOR_EVER)
}

/** As a stream: large files are never held whole. */
async function photoResponse(id: number, { locate, render }: Pictures): Promise<Response> {
  let place: Place
  try {
    place = await locate(id)
  } catch (error) {
    if (isFault(error)) return refusal(error.kind === 'not-found' ? 404 : 403)
    throw error
  }
  const handle = await openInside(place.path, place.root)
  if (typeof handle === 'number') return refusal(handle)
  const file = await wholeFile(handle, place.needsRendering)
  return file === 'not shown' ? rendered(() => render(id)) : file
}

/** Decoded by the decoder, since the page cannot: what the decoder refuses is not found. */
async function rendered(render: () => Promise<Uint8Array<ArrayBuffer>>): Promise<Response> {
  try {
    return found(await render(), 'image/jpeg', NEVER)
  } catch (error) {
    if (isFault(error)) return refusal(404)
    throw error
  }
}

/** A file's bytes, and the type that the first of them tell, where browsers show it. */
async function wholeFile(
  handle: FileHandle,
  needsRendering: boolean
): Promise<Response | 'not shown'> {
  try {
    const { bytesRead, buffer } = await handle.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0)
    const head = buffer.subarray(0, bytesRead)
    const contentType = contentTypeOf(head)
    if (contentType && !needsRendering) return found(streamOf(handle, head), contentType, NEVER)
    await handle.close()
    return 'not shown'
  } catch {
    await handle.close()
    return refusal(403) // it opens and cannot be read
  }
}

function found(body: BodyInit, contentType: string, caching: string): Response {
  return new Response(body, {
    headers: {
      'content-type': contentType,
      'x-content-type-options': 'nosniff',
      'cache-control': caching
    }
  })
}

function refusal(status: number): Response {
  return new Response(null, { status })
}

/** A file's bytes, of which `head` was read already. */
function streamOf(handle: FileHandle, head: Uint8Array): ReadableStream<Uint8Array> {
  let at = head.length
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(head),
    async pull(controller) {
      try {
        const chunk = new Uint8Array(CHUNK_BYTES)
        const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, at)
        at += bytesRead
        if (bytesRead > 0) return controller.enqueue(chunk.subarray(0, bytesRead))
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
