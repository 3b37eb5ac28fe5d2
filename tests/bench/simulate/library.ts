// A library of as many photos as one likes, without the photos: rows, dates, folders and codes as a
// real one has them, a few hundred made-up pictures standing in for all thumbnails. Runs in the
// bench's process, which encodes them; compute describes the pictures.
import { createHash } from 'node:crypto'
import { existsSync, linkSync, mkdirSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { checkIsNew, openBulk } from './bulk.ts'
import type { BulkPhoto } from './bulk.ts'
import { thumbnailPath } from '../../../main/wire/thumbnail.ts'
import type { Described } from '../../../main/wire/compute-contract.ts'
import type { QuantizerRecord } from '../../../main/wire/records.ts'
import { multiplyInRuntime } from '../../../main/compute/multiply-in-runtime.ts'
import { Bug } from '../../../main/wire/fault.ts'
import { KEPT_PICTURES } from '../../../main/wire/thumbnail.ts'
import {
  MOST_TO_FIT,
  PROJECTED,
  createCodeEncoder,
  encodeProjected,
  fromHalves,
  loadKernels,
  parseQuantizer,
  scanKernels,
  seededRandom,
  toHalves
} from '../../../model/retrieval.ts'
import type { openCompute } from '../../support/compute.ts'
import { photoPlaces } from './places.ts'
import type { PhotoPlace } from './places.ts'
import { drawPicture } from './pictures.ts'

type Compute = Awaited<ReturnType<typeof openCompute>>['compute']

/** Pictures that stand in for all photos, and how many of them look like each other. */
const PICTURES = 320
const THEMES = 64
const BITS = 64
const DESCRIBED_AT_ONCE = 32
const ROWS_AT_ONCE = 8192
/** How far an event is from its picture, and a photo from its event, as shares of the spread. */
const EVENT_SPREAD = 0.6
const PHOTO_SPREAD = 0.35
const NOISE = 65536 // numbers that are drawn once and used from everywhere

/**
 * Fills a new library with `photos` rows, in one go: one that was cut short is begun anew, and
 * `note` is told. Throws Fault bad-argument where a library is already.
 */
export async function simulateLibrary(
  compute: Compute,
  library: string,
  photos: number,
  seed: number,
  report: (done: number, what: string) => void,
  note: (line: string) => void = () => undefined
): Promise<void> {
  const folder = resolve(library)
  checkIsNew(folder)
  await mkdir(folder, { recursive: true })
  report(0, 'describing pictures')
  const pictures = await describePictures(compute, folder)
  const { record, centres } = await fitModel(compute, pictures, seed)
  const quantizer = parseQuantizer(record)
  const kernels = loadKernels(await scanKernels())
  const encodeCodes = kernels && createCodeEncoder(kernels)
  // As if it were fitted on them: there are no features for the engine to fit it again on.
  const fittedOn = Math.min(photos, MOST_TO_FIT)
  const bulk = openBulk(folder, { ...record, fittedOn }, Date.now())
  if (bulk.isBegunAnew) note(`${folder} was not finished the last time: it is begun anew.`)
  try {
    const folders = ['Archive', 'Photos'].map((name) =>
      bulk.addAbsentFolder(join(folder, 'simulated', name), name)
    )
    const random = seededRandom(seed)
    const noise = normals(random)
    let done = 0
    for (const places of batches(photoPlaces(photos, PICTURES, seed), ROWS_AT_ONCE)) {
      const projected = toHalves(projectedOf(places, centres, noise, random))
      const n = places.length
      const encoded = await encodeProjected(quantizer, projected, multiplyInRuntime, encodeCodes)
      const rowOf = <T extends Uint16Array | Uint8Array>(rows: T, row: number): T =>
        rows.subarray((row * rows.length) / n, ((row + 1) * rows.length) / n) as T
      bulk.addPhotos(
        places.map(({ archive, picture, event: _, ...place }, row): BulkPhoto => {
          const { hash: hashOfPicture, width, height } = pictures[picture]!
          const hash = hashOf(`${seed} ${done + row}`)
          share(join(folder, KEPT_PICTURES.thumb.folder), hashOfPicture, hash)
          return {
            ...place,
            folder: folders[archive ? 0 : 1]!,
            hash,
            width: width * 12, // as a camera's: pictures are small
            height: height * 12,
            encoding: {
              projected: rowOf(projected, row),
              descriptor: rowOf(encoded.descriptors, row),
              code: rowOf(encoded.codes, row)
            }
          }
        })
      )
      report((done += n), 'writing photos')
    }
    report(done, 'making indexes')
    bulk.finish()
  } finally {
    bulk.close()
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/**
 * Lets a photo have a thumbnail of its own name without one of its own: a second name of the file
 * of its picture's, as photos of a real library each have another.
 */
function share(thumbnails: string, ofPicture: string, ofPhoto: string): void {
  const path = thumbnailPath(thumbnails, ofPhoto)
  mkdirSync(dirname(path), { recursive: true })
  if (!existsSync(path)) linkSync(thumbnailPath(thumbnails, ofPicture), path)
}

/** Draws the pictures, has them described and their thumbnails written; all are described. */
async function describePictures(compute: Compute, library: string): Promise<Described[]> {
  const folder = join(library, 'pictures.unfinished')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder)
  try {
    const thumbnails = join(library, KEPT_PICTURES.thumb.folder)
    const described: Described[] = []
    for (let from = 0; from < PICTURES; from += DESCRIBED_AT_ONCE) {
      const photos = await Promise.all(
        Array.from({ length: Math.min(DESCRIBED_AT_ONCE, PICTURES - from) }, async (_, i) => {
          const path = join(folder, `${from + i}.png`)
          await writeFile(path, drawPicture(from + i, THEMES).png)
          return { id: from + i + 1, path }
        })
      )
      const { outcomes } = await compute.call('process', { photos, thumbnails })
      for (const outcome of outcomes) {
        if (outcome.outcome !== 'described') throw new Bug(`picture: ${outcome.fault.received}`)
        described.push(outcome)
      }
    }
    return described
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The first quantizer of the pictures, and where they lie in its projection, f32 [n, 256]. */
async function fitModel(
  compute: Compute,
  pictures: readonly Described[],
  seed: number
): Promise<{ record: QuantizerRecord; centres: Float32Array }> {
  const n = pictures.length
  const D = pictures[0]?.feature.length ?? 0
  const features = new Uint16Array(n * D)
  pictures.forEach(({ feature }, i) => features.set(feature, i * D))
  const { quantizer } = await compute.call('fit', { features, n, bits: BITS, seed })
  const { projected } = await compute.call('encode', { quantizer, features, n })
  return { record: quantizer, centres: fromHalves(projected) }
}

/** Projected features [n, 256]: the picture's, moved by event and then by photo. */
function projectedOf(
  places: readonly PhotoPlace[],
  centres: Float32Array,
  noise: Float32Array,
  random: () => number
): Float32Array {
  const spread = Math.sqrt(centres.reduce((sum, x) => sum + x * x, 0) / centres.length)
  const rows = new Float32Array(places.length * PROJECTED)
  places.forEach(({ picture, event }, row) => {
    const ofEvent = (event * 40_503) % (NOISE - PROJECTED)
    const ofPhoto = Math.floor(random() * (NOISE - PROJECTED))
    for (let i = 0; i < PROJECTED; i++)
      rows[row * PROJECTED + i] =
        centres[picture * PROJECTED + i]! +
        spread * (EVENT_SPREAD * noise[ofEvent + i]! + PHOTO_SPREAD * noise[ofPhoto + i]!)
  })
  return rows
}

/** Normal numbers, by the sum of twelve even ones. */
function normals(random: () => number): Float32Array {
  return Float32Array.from({ length: NOISE }, () => {
    let sum = -6
    for (let i = 0; i < 12; i++) sum += random()
    return sum
  })
}

function* batches<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = []
  for (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
