// Kin of a photo of the library or of any file. Runs in the engine; compute is asked only for what
// is not stored.
import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { Fault } from '../wire/fault.ts'
import type { Scored } from '../../model/retrieval.ts'
import { pathOf } from './compute-link.ts'
import type { ComputeLink } from './compute-link.ts'
import { photoAt } from './folders.ts'
import type { QueryVectors, Search } from './search.ts'

export interface KinParts {
  catalogue: Catalogue
  link: ComputeLink
  search: Search
}

/**
 * The kin of a photo of the library, itself left out, best first, scores 0..1. One that is not
 * indexed yet is described now. Throws Fault not-found, or what keeps it from being described.
 */
export async function kinOfPhoto(
  { catalogue, link, search }: KinParts,
  id: number,
  top: number,
  signal?: AbortSignal
): Promise<Scored> {
  const place = catalogue.photos.place(id)
  if (!place) throw notFound(`photo ${id}`)
  const query = search.vectorsOf(id) ?? (await describe(link, search, pathOf(place), signal))
  return search.find(query, top, id)
}

/** The kin of a file, which need not be in the library; if it is, itself is left out. */
export async function kinOfFile(
  parts: KinParts,
  path: string,
  top: number,
  signal?: AbortSignal
): Promise<Scored> {
  const real = await realpath(resolve(path)).catch(() => undefined)
  if (real === undefined) throw notFound(path)
  const id = photoAt(parts.catalogue, real)
  if (id !== undefined) return kinOfPhoto(parts, id, top, signal)
  return parts.search.find(await describe(parts.link, parts.search, real, signal), top)
}

/** What a file is known by to the serving model, computed now. */
async function describe(
  link: ComputeLink,
  search: Search,
  path: string,
  signal?: AbortSignal
): Promise<QueryVectors> {
  const session = await link.session(signal)
  const { feature, descriptor, model } = await session.embed(path, signal)
  for (;;) {
    const serving = search.serving()
    if (!serving) return { feature, descriptor: null }
    if (descriptor && model === serving.id) return { feature, descriptor }
    const encoded = await session.encode(serving, new Uint16Array(feature), 1, signal)
    if (search.serving() === serving) return { feature, descriptor: encoded.descriptors }
  }
}

function notFound(subject: string): Fault {
  return new Fault({
    kind: 'not-found',
    subject,
    expected: 'a photo',
    received: 'none',
    remedy: 'It may have been moved or deleted since.'
  })
}
