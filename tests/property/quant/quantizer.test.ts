// Quantizer records with damaged bytes.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { parseQuantizer, QuantizerError, serialiseQuantizer } from '../../../model/retrieval.ts'
import { fitted } from '../../support/quantizers.ts'

test('damaged weights are refused or are another quantizer, never a crash', async () => {
  const record = serialiseQuantizer(await fitted(60, 8))
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(record.weights.length - 1), fc.nat(255)), {
        minLength: 1,
        maxLength: 4
      }),
      fc.boolean(),
      fc.nat(record.weights.length),
      (flips, inHeader, cut) => {
        const weights = Uint8Array.from(record.weights)
        for (const [at, bits] of flips) weights[inHeader ? at % 16 : at]! ^= bits
        for (const damaged of [weights, weights.subarray(0, cut)]) {
          try {
            const { projection, head, codebooks } = parseQuantizer({ ...record, weights: damaged })
            for (const part of [
              projection.mean,
              projection.matrix,
              head.weight,
              head.bias,
              codebooks.values
            ])
              assert.ok(part.every(Number.isFinite))
          } catch (error) {
            assert.ok(error instanceof QuantizerError, String(error))
          }
        }
      }
    )
  )
})
