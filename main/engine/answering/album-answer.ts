// What an album has now: its question, asked anew. Runs in the reader, for whoever has no page.
import type { OpenedPart } from '../../wire/methods/album-methods.ts'
import { Fault } from '../../wire/fault.ts'
import { kinOf, look } from './kin-question.ts'
import type { KinParts, NearKin, Question } from './kin-question.ts'
import type { Layouts } from './layout.ts'

interface AlbumAnswer {
  name: string
  missing: string[] // files that it was asked with, whose content is not there
  kin: NearKin[] // where it is asked with pictures
  photos: number[] // else: those that pass its filter, newest first
}

/**
 * The first `top` photos of an album. Throws Fault not-found for an album that is not there,
 * bad-argument where none is there of what it wants, or what keeps a picture from being described.
 */
export async function albumAnswer(
  parts: KinParts & { layouts: Layouts },
  id: number,
  top: number,
  signal: AbortSignal
): Promise<AlbumAnswer> {
  const { name, filter, parts: kept } = parts.catalogue.albums.open(id)
  if (kept.length === 0) {
    const { ids } = await parts.layouts.slice({ filter, count: top })
    return { name, missing: [], kin: [], photos: [...ids] }
  }
  const missing = kept.flatMap(({ of }) => (of.kind === 'photo' && of.id === null ? [of.name] : []))
  const asked: Question['parts'][number][] = []
  for (const part of kept) {
    const of = await subjectOf(parts, part, signal)
    if (of) asked.push({ of, weight: part.weight })
  }
  if (!asked.some(({ weight }) => weight > 0)) throw allMissing(name, missing)
  const { kin } = await kinOf(parts, { parts: asked, filter, top }, signal)
  return { name, missing, kin, photos: [] }
}

async function subjectOf(
  parts: KinParts,
  { of }: OpenedPart,
  signal: AbortSignal
): Promise<Question['parts'][number]['of'] | undefined> {
  if (of.kind === 'picture') {
    const bytes = new Uint8Array(of.bytes)
    return { picture: (await look(parts, { bytes }, of.crop, undefined, signal)).picture }
  }
  if (of.id === null) return undefined
  return { id: of.id, ...(of.crop && { crop: of.crop }) }
}

function allMissing(name: string, missing: readonly string[]): Fault {
  return new Fault({
    kind: 'bad-argument',
    subject: `“${name}” is asked with ${missing.join(', ')}`,
    expected: 'one of these in the library (put one back, or remove the album)',
    received: 'none'
  })
}
