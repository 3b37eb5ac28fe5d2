// Tensors and texts through the safetensors format: what goes in comes out, and bytes that are cut
// short or no such block are refused.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import {
  SafetensorsError,
  decodeSafetensors,
  encodeSafetensors
} from '../../../model/tensor/safetensors.ts'
import { ELEMENT_BYTES, sizeOf, tensorOfBytes } from '../../../model/tensor/tensor.ts'
import type { ElementType, Tensor } from '../../../model/tensor/tensor.ts'

const types = Object.keys(ELEMENT_BYTES) as ElementType[]
const RESERVED = ['__metadata__', '__proto__', 'prototype', 'constructor']
const name = fc.string({ minLength: 1 }).filter((text) => !RESERVED.includes(text))

const tensor: fc.Arbitrary<Tensor> = fc
  .record({
    type: fc.constantFrom(...types),
    shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
    seed: fc.nat(255)
  })
  .map(({ type, shape, seed }) => {
    const length = sizeOf(shape) * ELEMENT_BYTES[type]
    const bytes = Uint8Array.from({ length }, (_, i) => i + seed)
    return tensorOfBytes(type, shape, bytes)
  })
const block = fc.record({
  tensors: fc.dictionary(name, tensor, { maxKeys: 5 }),
  notes: fc.dictionary(name, fc.string(), { maxKeys: 3 })
})

test('tensors and notes come back as they were', () => {
  fc.assert(
    fc.property(block, ({ tensors, notes }) => {
      const back = decodeSafetensors(encodeSafetensors({ tensors, notes }))
      assert.deepEqual({ ...back.notes }, { ...notes })
      assert.deepEqual({ ...back.tensors }, { ...tensors })
    })
  )
})

test('a block that is cut anywhere is refused', () => {
  const part = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(block, part, (whole, share) => {
      const bytes = encodeSafetensors(whole)
      const cut = bytes.subarray(0, Math.floor(share * bytes.length))
      assert.throws(() => decodeSafetensors(cut), SafetensorsError)
    })
  )
})

test('the layout is that of the format', () => {
  const bytes = encodeSafetensors({
    tensors: { a: { type: 'f32', shape: [2], data: Float32Array.of(1, -2) } },
    notes: { origin: 'a test' }
  })
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true))
  const header: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))
  assert.deepEqual(header, {
    __metadata__: { origin: 'a test' },
    a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] }
  })
  assert.equal(length % 8, 0)
  assert.deepEqual(new Float32Array(bytes.slice(8 + length).buffer), Float32Array.of(1, -2))
  assert.throws(() => decodeSafetensors(new TextEncoder().encode('no block')), SafetensorsError)
  const held = { constructor: { type: 'f32', shape: [], data: Float32Array.of(1) } } as const
  assert.throws(() => encodeSafetensors({ tensors: held, notes: {} }), RangeError)
})
