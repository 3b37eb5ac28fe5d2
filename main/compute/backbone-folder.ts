// Backbones by their files: those that come with Kindred, one in float and the same in 8 bits, and
// those that a library has tuned. Each is a card and an ONNX file beside it. Compute's main thread.
import { readFile, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { INTEGER_WAYS, type IntegerWay } from '../../model/learning.ts'
import { CardError, parseCard, type Arithmetic, type Card } from '../../model/retrieval.ts'
import { BATCH, badModel, modelFault, openAt, type Backbone, type Source } from './backbone.ts'
import { isKnownAnswer, knownPicture } from './known-picture.ts'

/** Without a photo for so long, ms, its session is closed: 80 MB, opened again in 20 ms. */
const REST_AFTER = 5000

/**
 * Opens the float backbone of a folder (the first card by name), checks that its ONNX file is the
 * one the card speaks of and runs it once. Throws a Fault `bad-model` or `device`.
 * @param restAfter ms without a run until its memory is freed; a later run opens it again
 */
export async function openBackbone(folder: string, restAfter = REST_AFTER): Promise<Backbone> {
  const source = await floatSource(folder, restAfter)
  try {
    return await openAt(source, 'cpu')
  } catch (error) {
    throw modelFault(error, basename(source.file))
  }
}

/**
 * The card of the float backbone of a folder, before it is opened; all that a folder has take the
 * same input. Throws a Fault `bad-model`.
 */
export async function floatCard(folder: string): Promise<Card> {
  return (await floatSource(folder, REST_AFTER)).card
}

async function floatSource(folder: string, restAfter: number): Promise<Source> {
  const [source] = await sourcesIn(folder, 'float', restAfter)
  if (!source) throw badModel(folder, 'a backbone with its card', 'none')
  return source
}

/** A backbone in 8 bits. */
export interface Quantized {
  card: Card
  /** The fastest way that is right on this processor; undefined where none is. */
  open: { backbone: Backbone; way: IntegerWay } | undefined
}

/**
 * Opens the backbone in 8 bits of a folder that was made of this float one, in the first way that
 * makes what its card says of the known picture. Undefined where there is none. Throws a Fault
 * `bad-model`.
 */
export async function openQuantized(
  folder: string,
  float: Backbone,
  restAfter = REST_AFTER
): Promise<Quantized | undefined> {
  const sources = await sourcesIn(folder, '8-bit', restAfter)
  const source = sources.find(({ card }) => card.quantized?.of === float.card.sha256)
  if (!source) return undefined
  const { card } = source
  const shape = ({ input, output }: Card): string => JSON.stringify([input, output])
  if (shape(card) !== shape(float.card))
    throw badModel(card.name, 'input and output of the float backbone', 'others')
  const pictures = wholeBatch(knownPicture(card))
  for (const way of keysOf(INTEGER_WAYS)) {
    const backbone = await openIn(source, way)
    if (await answersRightly(backbone, pictures)) return { card, open: { backbone, way } }
    await backbone.dispose()
  }
  return { card, open: undefined }
}

async function openIn(source: Source, integers: IntegerWay): Promise<Backbone> {
  try {
    return await openAt({ ...source, integers }, 'cpu')
  } catch (error) {
    throw modelFault(error, basename(source.file))
  }
}

/** The same picture [3, size, size] as often as a batch has room for: [BATCH, 3, size, size]. */
function wholeBatch(picture: Float32Array): Float32Array {
  const batch = new Float32Array(BATCH * picture.length)
  for (let i = 0; i < BATCH; i++) batch.set(picture, i * picture.length)
  return batch
}

/**
 * Whether it makes what its card says of each known picture of a whole batch: what is computed for
 * several photos at once is computed otherwise.
 */
async function answersRightly(backbone: Backbone, pictures: Float32Array): Promise<boolean> {
  const { card } = backbone
  const features = await backbone.run(pictures, BATCH)
  const D = card.output.size
  return Array.from({ length: BATCH }, (_, i) => features.subarray(i * D, (i + 1) * D)).every(
    (feature) => isKnownAnswer(card, feature)
  )
}

/**
 * Opens the tuned backbone with this sha-256 in a folder of them, on the device of the float one,
 * in whose place it is to run. Throws a Fault `bad-model` or `device`.
 */
export async function openTuned(
  folder: string,
  sha256: string,
  float: Backbone,
  restAfter = REST_AFTER
): Promise<Backbone> {
  const names = await readdir(folder).catch(() => []) // a folder that is not there holds none
  try {
    const mark = `-${sha256.slice(0, 8)}.json` // as tunedCard names it
    for (const name of names.filter((name) => name.endsWith(mark))) {
      const card = await readCard(folder, name)
      if (card.sha256 !== sha256) continue
      const shape = JSON.stringify([float.card.input, float.card.output])
      if (JSON.stringify([card.input, card.output]) !== shape)
        throw new CardError(name, 'input and output of the float backbone', 'others')
      return await openAt({ file: join(folder, card.file), card, restAfter }, float.provider)
    }
  } catch (error) {
    throw modelFault(error, `backbone ${sha256}`)
  }
  throw badModel(`backbone ${sha256}`, 'its card and ONNX file', 'none')
}

/** The backbones of a folder with this arithmetic, by the names of their cards. */
async function sourcesIn(
  folder: string,
  arithmetic: Arithmetic,
  restAfter: number
): Promise<Source[]> {
  const names = await readdir(folder).catch(() => []) // a folder that is not there holds none
  const found: Source[] = []
  for (const name of names.filter((name) => name.endsWith('.json')).sort())
    try {
      const card = await readCard(folder, name)
      if (card.arithmetic === arithmetic)
        found.push({ file: join(folder, card.file), card, restAfter })
    } catch (error) {
      throw modelFault(error, name)
    }
  return found
}

async function readCard(folder: string, name: string): Promise<Card> {
  return parseCard(parseJson(await readFile(join(folder, name), 'utf8'), name))
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new CardError(name, 'JSON', error instanceof Error ? error.message : String(error))
  }
}

function keysOf<K extends string>(record: Record<K, unknown>): K[] {
  return Object.keys(record) as K[]
}
