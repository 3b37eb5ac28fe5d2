// Inflating as far as it goes, against zlib.
import assert from 'node:assert/strict'
import test from 'node:test'
import { deflateSync, inflateSync } from 'node:zlib'
import { inflate, storedStream } from '../../../main/decode/inflate.ts'
import { crc32 } from '../../../main/decode/png-chunk.ts'
import { busyPixels } from '../../support/damaged-files.ts'

const DATA: Record<string, Uint8Array> = {
  nothing: new Uint8Array(0),
  zeros: new Uint8Array(100_000),
  busy: busyPixels(150, 200),
  words: Buffer.from('kin beside kin, and again kin beside kin. '.repeat(900))
}

test('streams of every level come out whole', () => {
  for (const [name, data] of Object.entries(DATA)) {
    for (const options of [{ level: 0 }, { level: 1 }, { level: 9 }, { strategy: 4 }]) {
      const { bytes, length, isWhole } = inflate(deflateSync(data, options), data.length)
      assert.ok(isWhole && length === data.length, name)
      assert.deepEqual(Buffer.from(bytes), Buffer.from(data))
    }
  }
})

test('of a stream that is cut or spoilt, what came before comes out', () => {
  const data = DATA['busy']!
  const stream = deflateSync(data)
  for (const share of [0.1, 0.5, 0.9]) {
    const end = Math.floor(stream.length * share)
    const { bytes, length, isWhole } = inflate(stream.subarray(0, end), data.length)
    assert.ok(!isWhole && length > (share - 0.05) * data.length && length < data.length)
    assert.deepEqual(bytes.subarray(0, length), data.subarray(0, length))
    const spoilt = Uint8Array.from(stream)
    spoilt.fill(0xff, end, end + 400)
    const cameOut = inflate(spoilt, data.length)
    assert.ok(!cameOut.isWhole)
    const before = Math.min(length - 1000, cameOut.length)
    assert.deepEqual(cameOut.bytes.subarray(0, before), data.subarray(0, before))
  }
})

test('a wrong sum, more than was asked for and strange headers are not whole', () => {
  const stream = deflateSync(DATA['words']!)
  const size = DATA['words']!.length
  const wrong = Uint8Array.from(stream)
  wrong[wrong.length - 1]! ^= 1
  assert.equal(inflate(wrong, size).isWhole, false)
  assert.equal(inflate(stream, size - 1).isWhole, false)
  assert.equal(inflate(stream, size + 1).isWhole, false)
  assert.equal(inflate(stream.subarray(1), size).length, 0)
  assert.equal(inflate(new Uint8Array(0), 10).length, 0)
})

test('a stream of bytes as they are is read by zlib', () => {
  for (const [name, data] of Object.entries(DATA)) {
    const stream = storedStream(data)
    assert.ok(stream.length >= data.length, name)
    assert.deepEqual(inflateSync(stream), Buffer.from(data), name)
  }
})

test('a stream that goes on for ever ends at what was asked for', () => {
  const stream = deflateSync(new Uint8Array(64 * 2 ** 20))
  const { bytes, length, isWhole } = inflate(stream, 1000)
  assert.deepEqual([bytes.length, length, isWhole], [1000, 1000, false])
})

test('checksums', () => {
  assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926)
})
