// Queries with a real compute while another model comes to serve: of the same backbone and of
// another one, in the middle of a query and between looking at a picture and asking with it.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import type { Catalogue } from '../../../main/catalogue/catalogue.ts'
import { createComputeLink } from '../../../main/engine/lines/compute-link.ts'
import type { ComputeLink } from '../../../main/engine/lines/compute-link.ts'
import { describerOf } from '../../../main/engine/lines/describer.ts'
import { photoAt } from '../../../main/engine/answering/at-path.ts'
import { createFilters } from '../../../main/engine/answering/filters.ts'
import { joinedHalves, rowOf } from '../../../main/engine/joined.ts'
import { createPictures } from '../../../main/engine/answering/looked-pictures.ts'
import { createSearch } from '../../../main/engine/answering/search.ts'
import type { LoadedModel } from '../../../main/engine/answering/loaded-models.ts'
import type { Search } from '../../../main/engine/answering/search.ts'
import { kinOf, look } from '../../../main/engine/answering/kin-question.ts'
import type { KinAnswer, KinParts, Question, Subject } from '../../../main/engine/answering/kin-question.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { parseCard } from '../../../model/retrieval.ts'
import { tunedCard } from '../../../model/train/deep/deep-backbone.ts'
import { superviseCompute } from '../../support/compute.ts'
import type { Supervised } from '../../support/compute.ts'
import { copyIndexed, sharedPhotos } from '../../support/shared-library.ts'

const TOP = 30
const ONE = 'summer/beach/photo-5-00040.jpg'
const home = mkdtempSync(join(tmpdir(), 'kindred-swap-'))
const library = join(home, 'library')
const outside = join(home, 'elsewhere.jpg')
const backbones = fileURLToPath(new URL('../../../model/backbones', import.meta.url))
let catalogue: Catalogue
let search: Search
let link: ComputeLink
let parts: KinParts
let compute: Supervised
let copy: number // id of the photo that has the same content as the one outside
let models: { first: LoadedModel; second: LoadedModel; third: LoadedModel }

before(async () => {
  const photos = join(home, 'photos') // its own: one of them is removed
  cpSync(await sharedPhotos(), photos, { recursive: true })
  cpSync(join(photos, ONE), outside)
  await copyIndexed(library)
  catalogue = openCatalogue(library)
  catalogue.folders.relocate(catalogue.folders.list()[0]!.id, realpathSync(photos), 'photos')
  search = createSearch(catalogue)
  copy = photoAt(catalogue, realpathSync(join(photos, ONE)))!
  const first = catalogue.models.serving()!
  search.serve(await search.load(first.id))
  link = createComputeLink({
    tuned: join(library, 'backbones'),
    prepare: (session) => session.use(search.serving() ?? null, session.backbone.sha256),
    onBegan: () => undefined,
    onState: () => undefined
  })
  const filters = createFilters(catalogue, () => 0)
  const describer = describerOf(link, { catalogue, thumbnails: '' })
  parts = { catalogue, search, describer, filters, pictures: createPictures() }
  compute = await superviseCompute((port) => link.attach(port))
  models = {
    first: search.serving()!,
    second: await fitted(first.backbone, first.backbone, 7),
    third: await fitted(first.backbone, copiedBackbone(), 8)
  }
})
after(async () => {
  link.close()
  catalogue.close()
  await compute.stop()
  rmSync(home, { recursive: true, force: true })
})

/** The shipped backbone under another sha-256, as a tuned one of the library. */
function copiedBackbone(): string {
  const folder = join(library, 'backbones')
  mkdirSync(folder, { recursive: true })
  const card = parseCard(
    JSON.parse(readFileSync(join(backbones, 'efficientnet-lite0.json'), 'utf8'))
  )
  // One more field of the model: its text for people, 1 byte.
  const onnx = Buffer.concat([readFileSync(join(backbones, card.file)), Buffer.from([0x32, 1, 65])])
  const sha256 = createHash('sha256').update(onnx).digest('hex')
  const tuned = tunedCard(card, sha256) // by whose names they are found
  writeFileSync(join(folder, tuned.file), onnx)
  writeFileSync(join(folder, `${tuned.name}.json`), JSON.stringify(tuned))
  return sha256
}

/** A model fitted with a seed on features that stand for another backbone's. */
async function fitted(from: string, backbone: string, seed: number): Promise<LoadedModel> {
  const session = await link.session()
  const ids = [...catalogue.vectors.featureIds(from)]
  const rows = ids.map((id) => catalogue.vectors.feature(id, from)!)
  const features = joinedHalves(rows)
  const n = ids.length
  const argument = { backbone, features: features.slice(), n, bits: 64, seed }
  const { quantizer } = await session.call('fit', argument)
  const id = catalogue.models.add('first', quantizer, Date.now())
  const encoded = await session.encode({ id, record: quantizer }, features, n)
  catalogue.transaction(() => {
    for (const [place, photo] of ids.entries()) {
      if (backbone !== from) catalogue.vectors.addFeature(photo, backbone, rows[place]!)
      catalogue.vectors.putEncoding(photo, id, rowOf(encoded, place, n))
    }
  })
  return search.load(id)
}

/** A model serves, and compute knows. */
async function serve(model: LoadedModel): Promise<void> {
  search.serve(model)
  const session = await link.session()
  await session.use(model, session.backbone.sha256)
}

function question(...subjects: Subject[]): Question {
  return { parts: subjects.map((of) => ({ of, weight: 1 })), top: TOP }
}

/** Asks, lets a model serve while compute is at work for the answer, and tells compute. */
async function askAcross(asked: Question, model: LoadedModel): Promise<unknown> {
  const session = await link.session()
  const answer = kinOf(parts, asked)
  while (session.active === 0) await new Promise(setImmediate)
  await serve(model)
  return answer
}

test('a file that is described while another model comes to serve', async () => {
  const asked = question({ path: outside }, { id: 7 })
  for (const [from, to] of [
    [models.first, models.second],
    [models.second, models.third],
    [models.third, models.first]
  ] as const) {
    await serve(from)
    const before = await kinOf(parts, asked)
    const answer = await askAcross(asked, to)
    assert.deepEqual(answer, await kinOf(parts, asked), 'as the model of now answers')
    assert.notDeepEqual(answer, before)
    assert.ok(before.kin.some(({ id }) => id === copy), 'the photo that it is a copy of')
  }
})

test('a picture that one backbone described is described anew by the next', async () => {
  await serve(models.first)
  const bytes = new Uint8Array(readFileSync(outside))
  const crop = { left: 0.1, top: 0.2, width: 0.6, height: 0.7 }
  const whole = await look(parts, { bytes }, null)
  const part = await look(parts, { bytes }, crop)
  const path = catalogue.photos.paths(40, 1)[0]!
  const ofPhoto = await look(parts, { path: join(path.root, path.directory, path.name) }, crop, 41)
  const pictures = [whole, part, ofPhoto].map(({ picture }) => ({ picture }))
  await serve(models.third)
  for (const [place, subject] of pictures.entries()) {
    const of = [{ path: outside }, { path: outside, crop }, { id: 41, crop }][place]!
    const answer = await kinOf(parts, question(subject))
    assert.deepEqual(answer, await kinOf(parts, question(of)))
    const { backbone } = parts.pictures.get(subject.picture)
    assert.equal(backbone, models.third.record.backbone)
  }
  const across = await askAcross(question(pictures[1]!), models.first)
  assert.deepEqual(across, await kinOf(parts, question({ path: outside, crop })))
})

test('a photo that lacks only its encoding is asked with by its feature', async () => {
  await serve(models.first)
  const id = 33
  const asked = question({ id }, { id: 7 })
  const before = await kinOf(parts, asked)
  const { backbone } = models.first.record
  const feature = catalogue.vectors.feature(id, backbone)!
  catalogue.transaction(() => catalogue.vectors.putFeature(id, backbone, feature))
  assert.equal(search.vectorsOf(id), undefined)
  const { root, directory, name } = catalogue.photos.place(id)!
  rmSync(join(root, directory, name)) // it is not looked at
  const answer = await kinOf(parts, asked)
  assert.deepEqual(idsOf(answer), idsOf(before))
  const crop = { left: 0, top: 0, width: 1, height: 1 }
  await assert.rejects(kinOf(parts, question({ id, crop })), (error) => isFault(error, 'not-found'))
})

function idsOf({ kin }: KinAnswer): number[] {
  return kin.map(({ id }) => id)
}

test('a picture too large to be kept is asked for again', async () => {
  await serve(models.first)
  const few = { ...parts, pictures: createPictures(10) }
  const { picture } = await look(few, { bytes: new Uint8Array(readFileSync(outside)) }, null)
  assert.equal((await kinOf(few, question({ picture }))).kin.length, TOP)
  await serve(models.third)
  const asked = kinOf(few, question({ picture }))
  await assert.rejects(asked, (error) => isFault(error, 'not-found'))
})
