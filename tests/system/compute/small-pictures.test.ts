// Files that hold a small picture of themselves, on the whole way through compute: what goes to the
// decoder, and what is done where the small picture shows something else.
import assert from 'node:assert/strict'
import { createHash, randomFillSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import { openBackbone } from '../../../main/compute/backbone-folder.ts'
import type { Backbone } from '../../../main/compute/backbone.ts'
import { cosine } from '../../../main/compute/cosine.ts'
import { Pipeline, type DescribedPhoto } from '../../../main/compute/pipeline.ts'
import { Stopwatch } from '../../../main/compute/stopwatch.ts'
import type { Decode } from '../../../main/decode/decoder.ts'
import { decodeWithSharp } from '../../../main/decode/node.ts'
import { temporaryFolder } from '../../support/electron.ts'
import { exifTiff, withExif } from '../../support/exif.ts'
import { picture } from '../../support/pictures.ts'

const SIZE = { width: 2400, height: 1600 }
const { signal } = new AbortController()

/** Lengths of what the decoder was given. */
let given: number[] = []
const decode: Decode = (request, ...rest) => {
  given.push(request.bytes.length)
  return decodeWithSharp(request, ...rest)
}

let backbone: Backbone
let pipeline: Pipeline
before(async () => {
  backbone = await openBackbone('model/backbones')
  pipeline = new Pipeline(backbone.card, decode, new Stopwatch())
})
after(async () => {
  await pipeline.end()
  await backbone.dispose()
})

async function described(path: string, folder: string): Promise<DescribedPhoto> {
  given = []
  return pipeline.describe(backbone, { path }, folder, () => undefined, signal)
}

test('a JPEG is read again, whole, where its small picture shows something else', async (t) => {
  const folder = temporaryFolder(t, 'small-pictures')
  const large = await picture(SIZE.width, SIZE.height).jpeg({ quality: 90 }).toBuffer()
  const small = (seed: number) =>
    picture(SIZE.width, SIZE.height, seed).resize(420).jpeg({ quality: 90 }).toBuffer()
  const write = (name: string, preview?: Buffer): string => {
    const path = join(folder, name)
    writeFileSync(path, withExif(large, { ...SIZE, ...(preview && { preview }) }))
    return path
  }
  const plain = await described(write('plain.jpg'), folder)
  assert.equal(given.length, 1)
  const same = await described(write('same.jpg', await small(0)), folder)
  assert.ok(Math.max(...given) < large.length, `${given.join(', ')} bytes were decoded`)
  const other = await described(write('other.jpg', await small(3)), folder)
  assert.ok(Math.max(...given) > large.length)
  const alike = cosine(plain.feature, same.feature)
  assert.ok(alike > 0.9, `${alike}`)
  assert.deepEqual(other.feature, plain.feature)
  for (const one of [same, other])
    assert.deepEqual([one.width, one.height], [SIZE.width, SIZE.height])
})

test('of a RAW nothing but its preview is decoded', async (t) => {
  const folder = temporaryFolder(t, 'small-pictures')
  const large = await picture(SIZE.width, SIZE.height).jpeg({ quality: 90 }).toBuffer()
  const small = await picture(SIZE.width, SIZE.height).resize(600).jpeg().toBuffer()
  const measured = randomFillSync(Buffer.alloc(2 ** 21))
  const rawOf = (...previews: Buffer[]): Buffer => {
    const headed = (at: number) => exifTiff({ ...SIZE, sensor: { at, bytes: measured.length } })
    const before = [headed(0), ...previews].reduce((sum, { length }) => sum + length, 0)
    return Buffer.concat([headed(before), ...previews, measured])
  }
  const write = (name: string, content: Buffer): string => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const file = rawOf(small, large)
  const raw = await described(write('a.dng', file), folder)
  assert.deepEqual(given, [small.length])
  assert.equal(raw.hash, createHash('sha256').update(file).digest('hex'))
  assert.deepEqual([raw.fileSize, raw.width, raw.height], [file.length, SIZE.width, SIZE.height])
  const shown = await described(write('a.jpg', small), folder)
  assert.deepEqual(raw.feature, shown.feature)
})
