// Finds which photos show the same picture: each content is compared, by its fingerprint, with
// those that its code says are near, and with those of the same key, however they are turned. Runs
// in the writer once indexing rests; compute makes fingerprints of photos from before there were
// any, from their thumbnails. What is left to do is in the catalogue.
import { setImmediate as breath } from 'node:timers/promises'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { WaitingContent } from '../../catalogue/fingerprint-table.ts'
import {
  FINGERPRINT_BYTES,
  areNearIdentical,
  areOfOtherColours,
  fromHalves,
  isNearlyBlank,
  parseQuantizer,
  printOf,
  tableOfDirection,
  turnKeyOf
} from '../../../model/retrieval.ts'
import type { CodeIndex, Codebooks, Print } from '../../../model/retrieval.ts'
import type { Context } from '../context.ts'
import { callForPhotos, withoutRefused } from './photo-calls.ts'
import { knownPhoto } from '../photo-paths.ts'
import { indexOf } from './average-photos.ts'

/** Contents of a step, and photos of a call of compute. */
const AT_ONCE = 64
/** Pictures that one is compared with, of each way to find them, and photos asked for them. */
const CANDIDATES = 24
const MOST_ASKED = 1000
/** Of those that show the same as one that shows the same, so many are compared as well. */
const OF_THE_SAME = 200
/** How far keys of a picture and of it turned are apart along an axis, at most. */
const KEY_REACH = 0.03
/** While there is no model there are few photos: so many are compared with each. */
const WITHOUT_MODEL = 300

export interface Comparer {
  hasNext(): boolean
  /** Compares the next few. */
  step(signal: AbortSignal): Promise<void>
}

/** The codes by which candidates are found. */
interface Codes {
  model: number
  /** The last content that was there when they were read. */
  last: number
  index: CodeIndex
  codebooks: Codebooks
}

/** A content that is to be compared. */
interface Subject {
  id: number
  photo: number | null
  print: Print
  key: readonly number[]
}

/** Makes the comparer. */
export function createComparer(context: Context): Comparer {
  const { catalogue, reader } = context
  const { fingerprints } = catalogue
  let codes: Codes | undefined

  /** Codes that have all of these contents; read once for all that are compared in a row. */
  async function codesWith(contents: readonly { id: number }[]): Promise<Codes | undefined> {
    const model = reader.serving()
    if (!model) return undefined
    const newest = contents.at(-1)?.id ?? 0
    if (codes?.model === model.id && newest <= codes.last) return codes
    const last = fingerprints.last()
    const quantizer = parseQuantizer(model.record)
    const index = await indexOf(catalogue, model.id, quantizer)
    return (codes = { model: model.id, last, index, codebooks: quantizer.codebooks })
  }

  /** Makes the fingerprints that are missing. */
  async function fillMissing(signal: AbortSignal): Promise<void> {
    const contentOf = new Map<number, number>()
    for (const { id, fingerprint, photo } of fingerprints.waiting(AT_ONCE))
      if (!fingerprint && photo !== null) contentOf.set(photo, id)
    if (contentOf.size === 0) return
    // This is a part of indexing: it does not wait for it to end.
    const atOnce = { ...context, giveWay: () => Promise.resolve() }
    await callForPhotos(
      atOnce,
      [...contentOf.keys()],
      async (session, batch) => {
        const photos = batch.flatMap((photo) => knownPhoto(context, photo) ?? [])
        const { outcomes } = await session.call('fingerprints', { photos }, signal)
        catalogue.transaction(() => {
          for (const { id, fingerprint } of withoutRefused(outcomes)) {
            const content = contentOf.get(id)
            if (content === undefined) continue
            fingerprints.fill(content, fingerprint, isNearlyBlank(fingerprint))
          }
        })
      },
      () => undefined,
      signal
    )
  }

  return {
    hasNext: () => fingerprints.anyWaiting(),
    async step(signal) {
      await fillMissing(signal)
      const waiting = fingerprints.waiting(AT_ONCE)
      const near = await codesWith(waiting)
      const subjects = waiting.flatMap((one) => subjectOf(one) ?? [])
      // They find each other, too.
      catalogue.transaction(() => subjects.forEach(({ id, key }) => fingerprints.setKey(id, key)))
      const same = new Map<number, readonly number[]>()
      for (const subject of subjects) {
        await breath()
        await context.aside.over(signal)
        signal.throwIfAborted()
        same.set(subject.id, sameAs(catalogue, subject, near))
      }
      catalogue.transaction(() => {
        for (const [id, others] of same) for (const other of others) fingerprints.link(id, other)
        // Of what cannot be read nothing is known: it is no reason to try for ever.
        for (const { id } of waiting) fingerprints.setCompared(id)
      })
      if (!fingerprints.anyWaiting()) codes = undefined
    }
  }
}

/** None where there is no fingerprint, and for blank pictures, which are all alike. */
function subjectOf({ id, photo, fingerprint }: WaitingContent): Subject | undefined {
  if (fingerprint?.length !== FINGERPRINT_BYTES || isNearlyBlank(fingerprint)) return undefined
  const print = printOf(fingerprint)
  return { id, photo, print, key: turnKeyOf(print) }
}

/** Contents that show the same picture. */
function sameAs(catalogue: Catalogue, subject: Subject, near: Codes | undefined): number[] {
  const { fingerprints } = catalogue
  const { id, print } = subject
  const isSame = (other: Uint8Array): boolean =>
    other.length === FINGERPRINT_BYTES &&
    !areOfOtherColours(print, other) &&
    areNearIdentical(print, printOf(other))
  const looked = new Set([id])
  const same: number[] = []
  const look = (contents: Iterable<number>): void => {
    const others = [...new Set(contents)].filter((other) => !looked.has(other))
    for (const other of others) looked.add(other)
    for (const other of fingerprints.stored(others))
      if (isSame(other.fingerprint)) same.push(other.id)
  }
  look(candidates(catalogue, subject, near))
  // Of a picture that is there a hundred times the candidates are only the first few.
  const further = [...fingerprints.pairsOf(same).values()].flatMap((others) => [...others])
  look(further.slice(0, OF_THE_SAME))
  return same
}

/** Contents that may show the same picture as this one. */
function candidates(
  { contents, fingerprints, vectors }: Catalogue,
  { photo, key }: Subject,
  near: Codes | undefined
): number[] {
  const turned = fingerprints.nearKey(key, KEY_REACH, CANDIDATES)
  if (!near) return [...turned, ...fingerprints.nearKey(key, Infinity, WITHOUT_MODEL)]
  const descriptor = photo === null ? undefined : vectors.descriptor(photo, near.model)
  if (!descriptor) return turned
  const table = tableOfDirection(fromHalves(descriptor), near.codebooks)
  for (let asked = 2 * CANDIDATES; ; asked *= 4) {
    const ids = [...near.index.search(table, asked).ids]
    // Copies have one content.
    const others = new Set([...contents.heldBy(ids).values()].map(({ content }) => content))
    const isEnough = others.size > CANDIDATES || ids.length < asked || asked >= MOST_ASKED
    if (isEnough) return [...turned, ...[...others].slice(0, CANDIDATES + 1)]
  }
}
