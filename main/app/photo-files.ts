// Answers photo:// requests: a thumbnail by its name, from the library's folders; a picture for
// the large picture, which the decoder makes. No address leads to a photo's own bytes: those are
// decoded in the decoder's sandbox only. Runs in app; knows web Responses, not Electron.
import { join } from 'node:path'
import { isFault } from '../wire/fault.ts'
import type { TilePlace, LargeSide } from '../wire/large-picture.ts'
import { contentTypeOf } from '../wire/picture-format.ts'
import { KEPT_PICTURES, type PictureKind } from '../wire/thumbnail.ts'
import { pictureName } from './addresses.ts'
import type { Control } from './control.ts'
import { createThumbnailFiles, type ThumbnailFiles } from './thumbnail-files.ts'

type Bytes = Uint8Array<ArrayBuffer>

export interface Pictures {
  /** Of each kind, by name. */
  kept: Record<PictureKind, ThumbnailFiles>
  /** A JPEG of a whole photo, by the name of its content. Throws a Fault for one not read. */
  large(name: string, side: LargeSide): Promise<Bytes>
  /** A JPEG of a part of it. */
  part(name: string, place: TilePlace): Promise<Bytes>
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
    large: async (name, side) =>
      new Uint8Array((await engine.call('large', { name, side })).bytes),
    part: async (name, place) =>
      new Uint8Array((await engine.call('part', { name, ...place })).bytes)
  }
}

/**
 * The answer to a request for a picture.
 * @returns 200; 403 for any other address or method, or a link in the place of a thumbnail; 404 for
 * what is not known, is gone or cannot be made.
 */
export async function pictureResponse(request: Request, pictures: Pictures): Promise<Response> {
  const picture = pictureName(request.url)
  if (!picture || request.method !== 'GET') return refusal(403)
  if (picture.what === 'large')
    return made(() => pictures.large(picture.name, picture.side))
  if (picture.what === 'part') {
    const { name, level, column, row } = picture
    return made(() => pictures.part(name, { level, column, row }))
  }
  const bytes = await pictures.kept[picture.what].read(picture.name)
  return typeof bytes === 'number' ? refusal(bytes) : found(bytes)
}

/** What the decoder refuses, or nobody can read now, is not found. */
async function made(make: () => Promise<Bytes>): Promise<Response> {
  try {
    return found(await make())
  } catch (error) {
    if (isFault(error)) return refusal(404)
    throw error
  }
}

function found(bytes: Bytes): Response {
  return new Response(bytes, {
    headers: {
      'content-type': contentTypeOf(bytes) ?? 'image/jpeg',
      'x-content-type-options': 'nosniff',
      // The name stands for the content: what was answered once holds for ever.
      'cache-control': 'private, max-age=31536000, immutable'
    }
  })
}

function refusal(status: number): Response {
  return new Response(null, { status })
}
