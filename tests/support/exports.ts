// Exports of a library, the examples of docs/export.md, and Kindred's own orders to hold what other
// programs find against. Test code only.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Reader } from '../../main/engine/answering/reader.ts'
import type { LibraryAnswers } from '../../main/engine/api.ts'
import { kindred } from './kindred.ts'
import {
  createReferenceIndex,
  directionOf,
  parseQuantizer,
  tableOfDirection
} from '../../model/retrieval.ts'

const guide = fileURLToPath(new URL('../../docs/export.md', import.meta.url))

/** The example that the guide has in a language, by words that it alone holds. */
export function exampleWith(word: string, language: 'python' | 'sql' = 'python'): string {
  const blocks = [...readFileSync(guide, 'utf8').matchAll(/```(\w+)\n(.*?)```/gs)]
  const found = blocks
    .filter(([, named, code]) => named === language && code?.includes(word))
    .map(([, , code = '']) => code)
  assert.equal(found.length, 1, `one example holds ${word}`)
  return found[0]!
}

/** Exports a library as a user does. */
export async function exported(library: string, format: string, folder: string): Promise<void> {
  const ran = await kindred('export', '--to', format, folder, '--library', library)
  assert.equal(ran.code, 0, ran.stderr)
}

/** What was found for one photo, nearest first. */
export interface Found {
  ids: number[]
  values: number[] // distances, or scores
}

/** The nearest of each photo by codes alone, itself among them. */
export async function nearestByCodes(answers: LibraryAnswers, count: number): Promise<Found[]> {
  const { ids, encoded } = await answers.vectors()
  assert.ok(encoded)
  const { codebooks } = parseQuantizer(encoded.quantizer)
  const index = createReferenceIndex(codebooks.M)
  index.append(ids, encoded.codes)
  const size = encoded.descriptors.length / ids.length
  return [...ids.keys()].map((row) => {
    const vector = encoded.descriptors.subarray(row * size, (row + 1) * size)
    const table = tableOfDirection(directionOf([{ vector, weight: 1 }]), codebooks)
    const found = index.search(table, count)
    return { ids: [...found.ids], values: [...found.distances] }
  })
}

/**
 * The nearest of photos in the exact order, without the photos themselves. All photos are ordered:
 * of a photo that is like none, the tenth nearest may be no survivor of a scan of the codes.
 */
export function nearestInExactOrder(
  { search }: Pick<Reader, 'search'>,
  photos: readonly number[],
  count: number
): Found[] {
  const top = search.serving()?.index.size ?? photos.length
  return photos.map((id) => {
    const vectors = search.vectorsOf(id)
    assert.ok(vectors)
    const { ids, scores } = search.find([{ vectors, weight: 1 }], { top, except: [id] })
    return { ids: [...ids.subarray(0, count)], values: [...scores.subarray(0, count)] }
  })
}

/**
 * Checks that the same was found, up to the order of those that are equally near: at each place the
 * value differs by `tolerance` at most, and so does that of each photo that lies elsewhere.
 */
export function assertSameNearest(found: Found, expected: Found, tolerance: number): void {
  assert.equal(found.ids.length, expected.ids.length)
  const last = expected.values.at(-1)!
  found.ids.forEach((id, place) => {
    const value = found.values[place]!
    const own = expected.values[place]!
    assert.ok(Math.abs(value - own) <= tolerance, `place ${place}: ${value}, expected ${own}`)
    const at = expected.ids.indexOf(id)
    const ofPhoto = at < 0 ? last : expected.values[at]!
    assert.ok(Math.abs(value - ofPhoto) <= tolerance, `photo ${id} at place ${place}`)
  })
}
