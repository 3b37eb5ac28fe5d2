// For the accuracy bench: features of photos and of their augmented views, through the shipped
// backbone in plain Node. Kept under the system's temporary folder by content: made once.
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { metadataOf } from '../../../main/compute/photo-metadata.ts'
import { floats, floatsIn, openSession } from '../../../model/learning.ts'
import {
  PHOTO_VIEWS,
  checkBackbone,
  imageCode,
  createAugmenter,
  createPreprocessor,
  parseCard,
  sampleAugmentation,
  seededRandom,
  toHalves
} from '../../../model/retrieval.ts'
import type { Card } from '../../../model/retrieval.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const CARD_FILE = join(ROOT, 'model/backbones/efficientnet-lite0.json')
/** Augmented views of a photo. */
export const V = 4
const BATCH = 8 // photos; 1 + V images of each
const SOURCES = [
  'preprocess.ts',
  'resampling.ts',
  'augment.ts',
  'augment-maps.ts',
  'augment-photo.ts',
  'augment-plain.ts',
  'augment-simd.ts',
  'augment-kernel.as.ts'
]

/** A labelled folder, whose sub-folders are labels. */
export interface PhotoSet {
  name: string
  n: number
  D: number
  labels: string[] // [n]
  features: Uint16Array // f16 [n, D]
  views: Uint16Array // f16 [n, V, D]
  /** When each was taken, ms; null where nothing in it says so. */
  capturedAt: (number | null)[]
  seconds: number // that making them took; 0: they were kept
}

/** The features of a labelled folder of JPEGs; `tell` hears how many photos are done. */
export async function photoSet(
  folder: string,
  tell: (done: number, total: number) => void
): Promise<PhotoSet> {
  const files = readdirSync(folder)
    .sort()
    .filter((label) => statSync(join(folder, label)).isDirectory())
    .flatMap((label) =>
      readdirSync(join(folder, label))
        .sort()
        .filter((name) => /\.jpe?g$/i.test(name))
        .map((name) => join(folder, label, name))
    )
  const card = parseCard(JSON.parse(readFileSync(CARD_FILE, 'utf8')))
  const D = card.output.size
  const n = files.length
  const cache = join(tmpdir(), 'kindred-bench-accuracy', `${keyOf(files, card)}.f16`)
  const began = performance.now()
  const isKept = existsSync(cache)
  if (!isKept) {
    mkdirSync(dirname(cache), { recursive: true })
    writeFileSync(`${cache}.${process.pid}`, await extract(files, card, tell))
    renameSync(`${cache}.${process.pid}`, cache)
  }
  const bytes = new Uint8Array(readFileSync(cache)) // a copy: aligned for uint16
  const all = new Uint16Array(bytes.buffer)
  return {
    name: basename(folder),
    n,
    D,
    labels: files.map((file) => basename(dirname(file))),
    features: all.subarray(0, n * D),
    views: all.subarray(n * D),
    capturedAt: files.map((file) => metadataOf(readFileSync(file)).date?.at ?? null),
    seconds: isKept ? 0 : (performance.now() - began) / 1000
  }
}

function keyOf(files: readonly string[], card: Card): string {
  const key = createHash('sha256').update(card.sha256).update(JSON.stringify([PHOTO_VIEWS, V]))
  for (const source of SOURCES) key.update(readFileSync(join(ROOT, 'model/image', source)))
  for (const file of files) key.update(readFileSync(file))
  return key.digest('hex')
}

/** Clean features [n, D], then those of the views [n, V, D]. */
async function extract(
  files: readonly string[],
  card: Card,
  tell: (done: number, total: number) => void
): Promise<Uint16Array> {
  const model = readFileSync(join(dirname(CARD_FILE), card.file))
  checkBackbone(card, createHash('sha256').update(model).digest('hex'))
  const session = await openSession(new Uint8Array(model), { spin: false })
  const preprocess = createPreprocessor(card)
  const augment = createAugmenter(card, await imageCode('augment'))
  const { size } = card.input
  const D = card.output.size
  const out = new Uint16Array(files.length * (1 + V) * D)
  for (let from = 0; from < files.length; from += BATCH) {
    const part = files.slice(from, from + BATCH)
    const photos = await Promise.all(part.map(decoded))
    const batch = new Float32Array(part.length * (1 + V) * 3 * size * size)
    photos.forEach((photo, place) => {
      const random = seededRandom(Math.imul(from + place + 1, 0x9e3779b1))
      preprocess(photo, batch, place * (1 + V))
      for (let view = 0; view < V; view++) {
        const description = sampleAugmentation(random, PHOTO_VIEWS, photo)
        augment(photo, description, batch, place * (1 + V) + 1 + view)
      }
    })
    const pixels = floats([part.length * (1 + V), 3, size, size], batch)
    const outputs = await session.run({ [card.input.name]: pixels })
    const features = toHalves(floatsIn(outputs[card.output.name], card.output.name))
    part.forEach((_, place) => {
      const row = from + place
      const at = place * (1 + V) * D
      out.set(features.subarray(at, at + D), row * D)
      out.set(features.subarray(at + D, at + (1 + V) * D), (files.length + row * V) * D)
    })
    tell(from + part.length, files.length)
  }
  await session.dispose()
  return out
}

async function decoded(file: string): Promise<{ rgb: Uint8Array; width: number; height: number }> {
  const { data, info } = await sharp(file)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { rgb: data, width: info.width, height: info.height }
}
