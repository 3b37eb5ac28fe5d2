// Kin of photos of the library, of any files, of pictures from outside and of parts of them, alone
// or several together. Runs in the reader; compute is asked only for what is not stored.
import { resolve } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { Fault } from '../../wire/fault.ts'
import type { Crop, Filter } from '../../wire/query-contract.ts'
import type { Nearness } from '../../wire/nearness.ts'
import {
  LEAST_LIKENESS,
  SAME_KIND,
  SAME_THING,
  likenessOf,
  rerankedOf
} from '../../../model/retrieval.ts'
import { isWithoutAnswer, noneOf, realPath } from '../faults/disk.ts'
import { pathOfPhoto } from '../photo-paths.ts'
import type { PictureSource } from '../lines/compute-session.ts'
import type { Describer } from '../lines/describer.ts'
import type { Filters } from './filters.ts'
import { photoAt } from './at-path.ts'
import { areBlank, foldedKin } from './fold-kin.ts'
import type { FoldedKin } from './fold-kin.ts'
import { notKept } from './looked-pictures.ts'
import type { PictureFeature, Picture, Pictures } from './looked-pictures.ts'
import type { QueryVectors, Search, WeightedVectors } from './search.ts'

export interface KinParts {
  catalogue: Catalogue
  describer: Describer
  search: Search
  filters: Filters
  pictures: Pictures
}

/** What can be asked with; a file may be in the library or not. */
export type Subject =
  { id: number; crop?: Crop } | { path: string; crop?: Crop } | { picture: number }

export interface Question {
  /** One or more with a weight above 0; below 0: unlike this. */
  parts: readonly { of: Subject; weight: number }[]
  filter?: Filter | undefined
  strictness?: number | undefined
  top: number
  /** Near-identical pictures are one of the kin; true when it is left out. */
  fold?: boolean | undefined
}

/** What is unlike counts at most so much of what is like: else it alone would make the answer. */
const AVERSION = 0.5

/** One of the kin, and how near it is. */
export interface NearKin extends FoldedKin {
  /** 0..1; the same number says the same whatever model it was found by (METHOD 4.10). */
  likeness: number
  nearness: Nearness
}

/** What a question is answered with. */
export interface KinAnswer {
  kin: NearKin[]
  /** Photos whose files are equal to those that were asked with. */
  copies: number[]
  /** Photos that a person put away from those that were asked with, the latest first. */
  putAway: number[]
}

/**
 * The kin of all parts together, best first, scores 0..1; photos asked with, and their copies, are
 * left out. A photo that is not indexed yet is described now. Throws Fault bad-argument when no
 * part has a weight above 0, not-found, or what keeps a picture from being described.
 */
export async function kinOf(
  parts: KinParts,
  { parts: asked, filter, strictness, top, fold = true }: Question,
  signal?: AbortSignal
): Promise<KinAnswer> {
  const weights = weightsOf(asked.map(({ weight }) => weight))
  for (;;) {
    const found: WeightedVectors[] = []
    const except: number[] = []
    const wanted: number[] = [] // photos as a whole
    for (const [place, { of, weight }] of asked.entries()) {
      const { vectors, photo, isPart } = await vectorsOf(parts, of, signal)
      found.push({ vectors, weight: weights[place] ?? 0 })
      if (photo !== undefined) except.push(photo)
      if (photo !== undefined && !isPart && weight > 0) wanted.push(photo)
    }
    // Another model may serve since the first of them were described.
    if (!found.every(({ vectors }) => parts.search.isCurrent(vectors))) continue
    const mask = parts.filters.maskOf(filter)
    const first = rerankedOf(parts.search.serving()?.index.size ?? 0)
    const copies = [...parts.catalogue.contents.copiesOf(except).values()].flat()
    const putAway = parts.catalogue.notKin.of(wanted).filter((id) => !except.includes(id))
    const without = [...new Set([...except, ...copies, ...putAway])]
    // A picture that shows nothing has no kin.
    const isBlank = except.length === asked.length && areBlank(parts.catalogue, except)
    if (isBlank) return { kin: [], copies, putAway }
    const folding = { top, first, isFolded: fold, asked: except }
    const kin = foldedKin(parts.catalogue, parts.search, folding, (count) =>
      parts.search.find(found, { top: count, except: without, mask, strictness })
    )
    const calibration = parts.search.calibration(strictness)
    return { kin: kin.map((one) => near(one, likenessOf(calibration, one.score))), copies, putAway }
  }
}

function near(kin: FoldedKin, likeness: number): NearKin {
  return { ...kin, likeness, nearness: kin.isSame ? 'same-picture' : nearnessOf(likeness) }
}

function nearnessOf(likeness: number): Nearness {
  if (likeness >= SAME_THING) return 'same-thing'
  if (likeness >= SAME_KIND) return 'same-kind'
  return likeness >= LEAST_LIKENESS ? 'little' : 'chance'
}

/** Describes a picture, or a part of it, to be asked with; sizes are the part's, in pixels. */
export async function look(
  { describer, pictures }: Pick<KinParts, 'describer' | 'pictures'>,
  source: PictureSource,
  crop: Crop | null,
  photo?: number,
  signal?: AbortSignal
): Promise<{ picture: number; width: number; height: number }> {
  const { backbone, width, height, feature } = await describer.embed(source, crop, signal)
  const bytes = 'bytes' in source ? new Uint8Array(source.bytes) : undefined
  const described = { backbone, feature: new Uint16Array(feature) }
  return { picture: pictures.keep({ ...described, photo, bytes, crop }), width, height }
}

function weightsOf(weights: readonly number[]): number[] {
  const sum = (sign: 1 | -1): number =>
    weights.reduce((all, weight) => all + Math.max(0, sign * weight), 0)
  const [like, unlike] = [sum(1), sum(-1)]
  if (like === 0)
    throw new Fault({
      kind: 'bad-argument',
      subject: 'query',
      expected: 'a photo or picture with a weight above 0',
      received: 'none'
    })
  const scale = Math.min(1, (AVERSION * like) / unlike) // NaN-free: unlike 0 gives Infinity
  return weights.map((weight) => (weight < 0 ? weight * scale : weight))
}

/** What a subject is known by now, and the photo of the library that it is or is a part of. */
interface Known {
  vectors: QueryVectors
  photo?: number | undefined
  isPart?: boolean
}

async function vectorsOf(parts: KinParts, of: Subject, signal?: AbortSignal): Promise<Known> {
  if ('picture' in of) {
    for (;;) {
      const picture = await describedNow(parts, of.picture, signal)
      const vectors = await encoded(parts, picture, signal)
      if (vectors) return { vectors, photo: picture.photo, isPart: true }
    }
  }
  if (!('id' in of)) {
    const given = resolve(of.path)
    const known = photoAt(parts.catalogue, given)
    // A photo that the catalogue has at that very path can be asked with though its disk is silent.
    const path = await realPath(given, known === undefined).catch((error: unknown) =>
      known !== undefined && isWithoutAnswer(error) ? given : noneOf(error)
    )
    if (path === undefined) throw notFound(of.path)
    const photo = photoAt(parts.catalogue, path)
    if (photo !== undefined) return vectorsOf(parts, { ...of, id: photo }, signal)
    return { vectors: await describe(parts, path, of.crop ?? null, signal) }
  }
  const path = pathOfPhoto(parts.catalogue, of.id)
  const stored = of.crop ? undefined : await storedOf(parts, of.id, signal)
  const vectors = stored ?? (await describe(parts, path, of.crop ?? null, signal))
  return { vectors, photo: of.id, isPart: of.crop !== undefined }
}

/** What is stored of a photo, as it is compared now; where only its feature is, it is encoded. */
async function storedOf(
  parts: KinParts,
  id: number,
  signal?: AbortSignal
): Promise<QueryVectors | undefined> {
  const vectors = parts.search.vectorsOf(id)
  if (vectors) return vectors
  const backbone = parts.search.backbone()
  const feature = parts.catalogue.vectors.feature(id, backbone)
  return feature && encoded(parts, { backbone, feature }, signal)
}

/**
 * A picture that was looked at, as the backbone of now describes it. Throws Fault not-found for one
 * that would have to be described again and is not kept.
 */
async function describedNow(
  { catalogue, describer, search, pictures }: KinParts,
  id: number,
  signal?: AbortSignal
): Promise<Picture> {
  const picture = pictures.get(id)
  if (picture.backbone === search.backbone()) return picture
  const { photo, bytes, crop = null } = picture
  if (photo === undefined && !bytes) throw notKept(id)
  const source = bytes ? { bytes } : { path: pathOfPhoto(catalogue, photo ?? 0) }
  const { backbone, feature } = await describer.embed(source, crop, signal)
  const described = { backbone, feature: new Uint16Array(feature) }
  pictures.renew(id, described)
  return { ...picture, ...described }
}

/** What a file is known by, computed now. */
async function describe(
  parts: KinParts,
  path: string,
  crop: Crop | null,
  signal?: AbortSignal
): Promise<QueryVectors> {
  for (;;) {
    const embedded = await parts.describer.embed({ path }, crop, signal)
    const { backbone, feature, projected, descriptor, model } = embedded
    if (projected && descriptor && model) {
      const vectors = { model, encoding: { projected, descriptor } }
      if (parts.search.isCurrent(vectors)) return vectors
    }
    const vectors = await encoded(parts, { backbone, feature: new Uint16Array(feature) }, signal)
    if (vectors) return vectors
  }
}

/**
 * A feature as it is compared now: encoded by the serving model, itself while there is none.
 * Undefined where another backbone describes photos since.
 */
async function encoded(
  { describer, search }: Pick<KinParts, 'describer' | 'search'>,
  { backbone, feature }: PictureFeature,
  signal?: AbortSignal
): Promise<QueryVectors | undefined> {
  for (;;) {
    if (backbone !== search.backbone()) return undefined
    const serving = search.serving()
    if (!serving) return { feature }
    const { projected, descriptors } = await describer.encode(serving.record, feature, 1, signal)
    const vectors = { model: serving.id, encoding: { projected, descriptor: descriptors } }
    if (search.isCurrent(vectors)) return vectors
  }
}

function notFound(subject: string): Fault {
  return new Fault({
    kind: 'not-found',
    subject,
    expected: 'a photo',
    received: 'none'
  })
}
