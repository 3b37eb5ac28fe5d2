// For accuracy tests: features of the photos to measure with, through the shipped backbone, decoded
// by sharp. Kept under the system's temporary folder by content, so that a second run is quick.
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { checkBackbone, createPreprocessor, parseCard, toHalves } from '../../model/retrieval.ts'
import { loadRuntime } from '../../model/runtime/onnxruntime.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const PHOTOS = resolve(ROOT, '../shared/photos')
const CARD_FILE = join(ROOT, 'model/backbones/efficientnet-lite0.json')
const BATCH = 32

export interface LabelledFeatures {
  n: number
  D: number
  features: Uint16Array // [n, D], f16 bit patterns
  labels: string[] // [n], the folder of each photo
}

/** The card's own figures: leave-one-out mAP of the features, by set. */
export function cardFigures(): Record<string, number> {
  const { figures } = JSON.parse(readFileSync(CARD_FILE, 'utf8')) as {
    figures: Record<string, number>
  }
  return figures
}

/** Features of a labelled folder of JPEGs, a sub-folder a label; undefined when it is not there. */
export async function featuresOf(set: string): Promise<LabelledFeatures | undefined> {
  const files = filesOf(set)
  if (!files) return undefined
  const card = parseCard(JSON.parse(readFileSync(CARD_FILE, 'utf8')))
  const key = createHash('sha256').update(card.sha256)
  for (const source of ['preprocess.ts', 'resampling.ts'])
    key.update(readFileSync(join(ROOT, 'model/image', source)))
  for (const file of files) key.update(readFileSync(file))
  const cache = join(tmpdir(), 'kindred-test-features', `${key.digest('hex')}.f16`)
  if (!existsSync(cache)) {
    mkdirSync(dirname(cache), { recursive: true })
    writeFileSync(`${cache}.${process.pid}`, await describe(files))
    renameSync(`${cache}.${process.pid}`, cache)
  }
  const bytes = new Uint8Array(readFileSync(cache)) // a copy: aligned for uint16
  return {
    n: files.length,
    D: card.output.size,
    features: new Uint16Array(bytes.buffer),
    labels: files.map((file) => basename(dirname(file)))
  }
}

/** The pictures of a labelled folder, label by label; undefined when it is not there. */
export function filesOf(set: string): string[] | undefined {
  const folder = join(PHOTOS, set)
  if (!existsSync(folder)) return undefined
  return readdirSync(folder)
    .sort()
    .flatMap((label) =>
      readdirSync(join(folder, label))
        .sort()
        .map((name) => join(folder, label, name))
    )
}

/** Features [n, D], as f16, of pictures: of files, or of what would be in them. */
export async function describe(pictures: readonly (string | Buffer)[]): Promise<Uint16Array> {
  const card = parseCard(JSON.parse(readFileSync(CARD_FILE, 'utf8')))
  const model = readFileSync(join(dirname(CARD_FILE), card.file))
  checkBackbone(card, createHash('sha256').update(model).digest('hex'))
  const { InferenceSession, Tensor } = await loadRuntime()
  const session = await InferenceSession.create(model)
  const preprocess = createPreprocessor(card)
  const { size } = card.input
  const features = new Uint16Array(pictures.length * card.output.size)
  for (let from = 0; from < pictures.length; from += BATCH) {
    const part = pictures.slice(from, from + BATCH)
    const decoded = await Promise.all(
      part.map((picture) =>
        sharp(picture).toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true })
      )
    )
    const batch = new Float32Array(part.length * 3 * size * size)
    decoded.forEach(({ data, info }, slot) =>
      preprocess({ rgb: data, width: info.width, height: info.height }, batch, slot)
    )
    const pixels = new Tensor('float32', batch, [part.length, 3, size, size])
    const { [card.output.name]: output } = await session.run({ [card.input.name]: pixels })
    if (!(output?.data instanceof Float32Array))
      throw new Error('the backbone gave no float32 features')
    features.set(toHalves(output.data), from * card.output.size)
  }
  await session.release()
  return features
}
