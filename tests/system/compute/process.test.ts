// The compute process as the command line runs it: forked, with sharp, over its real line.
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import sharp from 'sharp'
import { thumbnailPath } from '../../../main/wire/thumbnail.ts'
import { connect, type Client } from '../../../main/wire/channel.ts'
import { computeContract, type ComputeContract } from '../../../main/wire/compute-contract.ts'
import type { Described, Refused } from '../../../main/wire/compute-contract.ts'
import type { QuantizerRecord } from '../../../main/wire/records.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { fromHalves, toHalves } from '../../../model/retrieval.ts'
import { superviseCompute, type Supervised } from '../../support/compute.ts'
import { makePhotos } from '../../support/photos.ts'
import { picture } from '../../support/pictures.ts'
import { TYPESCRIPT } from '../../support/typescript.ts'

let folder: string
let thumbnails: string
let paths: string[]
let supervised: Supervised
let client: Client<ComputeContract>
let nextClient: Promise<void>
let attached: () => void

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kindred-compute-'))
  thumbnails = join(folder, 'thumbnails')
  paths = await makePhotos(join(folder, 'photos'), 60)
  supervised = await superviseCompute((port) => {
    client = connect(port, computeContract)
    attached?.()
  })
})
after(async () => {
  await supervised.stop()
  rmSync(folder, { recursive: true })
})

function awaitNextClient(): void {
  nextClient = new Promise((resolve) => (attached = resolve))
}

async function processed(
  photos: { id: number; path: string }[],
  signal?: AbortSignal
): Promise<(Described | Refused)[]> {
  return (await client.call('process', { photos, thumbnails }, signal)).outcomes
}

function described(outcome: Described | Refused | undefined): Described {
  assert.equal(outcome?.outcome, 'described', JSON.stringify(outcome))
  return outcome as Described
}

function cosine(a: Uint16Array, b: Uint16Array): number {
  const [x, y] = [fromHalves(a), fromHalves(b)]
  let [dot, xx, yy] = [0, 0, 0]
  for (let i = 0; i < x.length; i++) {
    dot += x[i]! * y[i]!
    xx += x[i]! ** 2
    yy += y[i]! ** 2
  }
  return dot / Math.sqrt(xx * yy)
}

test('it says what backbone it runs', async () => {
  const about = await client.call('openBackbones', { tuned: '' })
  assert.match(about.backbone, /^efficientnet-lite0(-8-bit)?$/) // by what this processor can do
  assert.equal(about.featureSize, 1280)
  assert.match(about.sha256, /^[0-9a-f]{64}$/)
  assert.equal(about.provider, 'cpu')
})

test('a batch with bad files in it: each photo has its own outcome, in order', async () => {
  const dated = join(folder, 'dated.jpg')
  const exif = { IFD2: { DateTimeOriginal: '2019:03:21 11:04:22' } }
  const upright = picture(600, 300).withExif(exif)
  const turned = await upright.withMetadata({ orientation: 6 }).jpeg().toBuffer()
  writeFileSync(dated, turned)
  writeFileSync(join(folder, 'cut.jpg'), turned.subarray(0, turned.length / 2))
  writeFileSync(join(folder, 'empty.jpg'), '')
  writeFileSync(join(folder, 'film.jpg'), '\0\0\0\x18ftypisom\0\0\0\0isom')
  const names = ['dated.jpg', 'cut.jpg', 'empty.jpg', 'gone.jpg', 'film.jpg']
  const began: number[] = []
  const stop = client.on('began', ({ ids }) => began.push(...ids))
  const photos = names.map((name, i) => ({ id: i + 10, path: join(folder, name) }))
  const outcomes = await processed(photos)
  stop()
  assert.deepEqual(outcomes.map(({ id }) => id), [10, 11, 12, 13, 14])
  const kinds = outcomes.map((one) => (one.outcome === 'refused' ? one.fault.kind : 'fine'))
  const expected = ['fine', 'corrupt-photo', 'corrupt-photo', 'not-found', 'unsupported-format']
  assert.deepEqual(kinds, expected)
  assert.deepEqual(began.sort(), [10, 11], 'only what goes to the decoder has begun')
  const photo = described(outcomes[0])
  assert.deepEqual([photo.width, photo.height], [300, 600], 'upright')
  assert.equal(photo.hash, createHash('sha256').update(turned).digest('hex'))
  assert.equal(photo.fileSize, turned.length)
  assert.equal(photo.capturedAt, Date.UTC(2019, 2, 21, 11, 4, 22))
  assert.equal(photo.feature.length, 1280)
  assert.deepEqual([photo.projected, photo.descriptor, photo.code], [null, null, null])
  const thumbnail = await sharp(thumbnailPath(thumbnails, photo.hash)).metadata()
  assert.deepEqual([thumbnail.format, thumbnail.width, thumbnail.height], ['jpeg', 256, 512])
})

test('an embedded picture has the feature it has in the library, by path or bytes', async () => {
  const path = paths[0]!
  const photo = described((await processed([{ id: 1, path }]))[0])
  for (const source of [{ path }, { bytes: new Uint8Array(readFileSync(path)) }]) {
    const embedded = await client.call('embed', { source })
    assert.deepEqual([embedded.width, embedded.height], [photo.width, photo.height])
    assert.ok(cosine(embedded.feature, photo.feature) > 0.9999)
    assert.equal(embedded.descriptor, null)
  }
  const none = client.call('embed', { source: { bytes: new Uint8Array(5) } })
  await assert.rejects(none, (error) => isFault(error, 'corrupt-photo'))
})

test('killed in the middle of a batch, it starts again and does the same photos', async () => {
  const photos = paths.map((path, i) => ({ id: i + 1, path }))
  const fresh = join(folder, 'thumbnails-of-a-kill')
  const work = client.call('process', { photos, thumbnails: fresh })
  awaitNextClient()
  await new Promise<void>((resolve) => client.on('began', () => resolve()))
  supervised.kill()
  await assert.rejects(work, (error) => isFault(error, 'process-lost'))
  await nextClient
  const { outcomes } = await client.call('process', { photos, thumbnails: fresh })
  const hashes = outcomes.map((outcome) => described(outcome).hash)
  for (const hash of hashes) await sharp(thumbnailPath(fresh, hash)).toBuffer() // whole, each
  const names = readdirSync(fresh, { recursive: true }).map(String)
  const left = names.filter((name) => name.endsWith('.jpg'))
  assert.equal(left.length, new Set(hashes).size)
})

test('a batch that is given up ends at once, and the next is done', async () => {
  const photos = paths.map((path, i) => ({ id: i + 1, path }))
  for (let round = 0; round < 3; round++) {
    const controller = new AbortController()
    const work = processed(photos, controller.signal)
    await new Promise<void>((resolve) => client.on('began', () => resolve()))
    controller.abort()
    await assert.rejects(work, (error) => isFault(error, 'cancelled'))
  }
  const outcomes = await processed(photos)
  assert.equal(outcomes.filter(({ outcome }) => outcome === 'described').length, photos.length)
})

test('many batches in flight keep their photos apart', async () => {
  const alone = (await processed(paths.map((path, i) => ({ id: i, path })))).map(described)
  const batches = Array.from({ length: 4 }, (_, batch) =>
    processed(paths.map((path, i) => ({ id: batch * 100 + i, path })))
  )
  for (const [batch, outcomes] of (await Promise.all(batches)).entries()) {
    for (const [i, outcome] of outcomes.entries()) {
      const photo = described(outcome)
      assert.equal(photo.id, batch * 100 + i)
      assert.equal(photo.hash, alone[i]!.hash)
      assert.ok(cosine(photo.feature, alone[i]!.feature) > 0.9999)
    }
  }
  const usage = await client.call('usage', {})
  assert.ok(usage.busyMilliseconds > 0 && usage.busyMilliseconds <= usage.wallMilliseconds)
})

test('a quantizer is fitted beside other work, used, and encodes alike', async () => {
  const photos = paths.map((path, i) => ({ id: i, path }))
  const plain = (await processed(photos)).map(described)
  // 300 features: those of the photos, and mixtures of two each.
  const rows = Array.from({ length: 300 }, (_, i) => {
    const [a, b] = [plain[i % 60]!, plain[(i * 7 + Math.floor(i / 60)) % 60]!].map(
      (photo) => fromHalves(photo.feature)
    ) as [Float32Array, Float32Array]
    return i < 60 ? a : a.map((value, j) => (value + b[j]! * ((i % 5) + 1)) / 4)
  })
  const features = toHalves(Float32Array.from(rows.flatMap((row) => [...row])))
  const fitting = client.call('fit', { features, n: 300, bits: 64, seed: 5 })
  const [{ quantizer }, beside] = await Promise.all([fitting, processed(photos)])
  assert.equal(described(beside[0]).code, null)
  assert.deepEqual([quantizer.M, quantizer.K, quantizer.fittedOn], [16, 16, 300])

  await client.call('setQuantizer', { quantizer })
  const coded = (await processed(photos)).map(described)
  const stored = toHalves(Float32Array.from(coded.flatMap((one) => [...fromHalves(one.feature)])))
  const encoded = await client.call('encode', { quantizer, features: stored, n: coded.length })
  const all = <T extends number>(values: (ArrayLike<T> | null)[]): T[] =>
    values.flatMap((value) => Array.from(value ?? []))
  assert.deepEqual([...encoded.codes], all(coded.map(({ code }) => code)))
  assert.deepEqual([...encoded.descriptors], all(coded.map(({ descriptor }) => descriptor)))
  assert.deepEqual([...encoded.projected], all(coded.map(({ projected }) => projected)))
  const embedded = await client.call('embed', { source: { path: paths[3]! } })
  assert.ok(embedded.descriptor && cosine(embedded.descriptor, coded[3]!.descriptor!) > 0.999)

  await viewsOf(quantizer, coded)

  const other = { ...quantizer, backbone: 'f'.repeat(64) }
  const damaged = { ...quantizer, weights: quantizer.weights.slice(8) }
  for (const quantizer of [other, damaged])
    await assert.rejects(
      () => client.call('setQuantizer', { quantizer }),
      (error) => isFault(error, 'bad-model')
    )
  await client.call('setQuantizer', { quantizer: null })
})

/**
 * Views are of their photo, the same for a seed, and a bad file has none. A thumbnail will do
 * without the photo; a damaged photo is seen itself, or else its thumbnail.
 */
async function viewsOf(quantizer: QuantizerRecord, clean: Described[]): Promise<void> {
  const bad = join(folder, 'seen.jpg')
  writeFileSync(bad, 'no photo')
  const photos = [...paths.slice(0, 20), bad].map((path, i) => {
    const isThere = i % 2 === 0
    return {
      id: i,
      path: isThere ? path : `${path}.gone`,
      thumbnails: [isThere ? `${path}.gone` : thumbnailPath(thumbnails, clean[i]!.hash)],
      isDamaged: i % 3 === 0
    }
  })
  const see = async (seed: number) =>
    (await client.call('views', { photos, quantizer, V: 3, seed })).outcomes
  const [first, again, other] = [await see(1), await see(1), await see(2)]
  assert.deepEqual(first, again)
  assert.notDeepEqual(first[0], other[0])
  const last = first.at(-1)
  assert.ok(last?.outcome === 'refused' && last.fault.kind === 'corrupt-photo')
  let own = 0
  let others = 0
  first.slice(0, 20).forEach((seen, i) => {
    assert.ok(seen.outcome === 'viewed' && seen.id === i)
    assert.equal(seen.views.length, 3 * 256)
    for (let view = 0; view < 3; view++) {
      const values = seen.views.subarray(view * 256, (view + 1) * 256)
      own += cosine(values, clean[i]!.projected!)
      others += cosine(values, clean[(i + 5) % 60]!.projected!) // of another kind
    }
  })
  assert.ok(own / 60 > others / 60 + 0.15, `${own / 60} against ${others / 60}`)
}

test('a backbone that is not what its card says is refused, and the process ends', async () => {
  const card = readFileSync('model/backbones/efficientnet-lite0.json', 'utf8')
  const backbones: Record<string, Record<string, string>> = {
    empty: {},
    'no JSON': { 'card.json': '{' },
    'a changed file': { 'card.json': card, 'efficientnet-lite0.onnx': 'something else' }
  }
  for (const [name, files] of Object.entries(backbones)) {
    const at = join(folder, name)
    mkdirSync(at)
    for (const [file, text] of Object.entries(files)) writeFileSync(join(at, file), text)
    const child = fork('main/compute/compute-process.ts', [], {
      serialization: 'advanced',
      execArgv: [...TYPESCRIPT]
    })
    child.send({ type: 'start', backbones: at, decoder: 'sharp' })
    const [[report], [code]] = await Promise.all([once(child, 'message'), once(child, 'exit')])
    assert.equal(report.type, 'refused', name)
    assert.equal(report.fault.kind, 'bad-model', name)
    assert.equal(code, 1, name)
  }
})
