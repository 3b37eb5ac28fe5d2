// The reference scan against the plainest form of its definition, over random calls.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { createReferenceIndex } from '../../../model/retrieval.ts'
import type { Matches } from '../../../model/retrieval.ts'

// The plainest form of the note in code-index.ts, and of the order of results.
function expected(
  codes: Map<number, number[]>,
  table: Float32Array,
  k: number,
  filter?: Uint8Array
): Matches {
  const all = [...codes]
    .filter(([id]) => !filter || ((filter[id >>> 3] ?? 0) & (1 << (id & 7))) !== 0)
    .map(([id, bytes]) => {
      const pairs = bytes.map((byte, j) =>
        Math.fround(table[32 * j + (byte & 15)]! + table[32 * j + 16 + (byte >> 4)]!)
      )
      return { id, distance: pairs.reduce((sum, pair) => Math.fround(sum + pair)) }
    })
    .sort((a, b) => a.distance - b.distance || a.id - b.id)
    .slice(0, k)
  return {
    ids: Uint32Array.from(all, ({ id }) => id),
    distances: Float32Array.from(all, ({ distance }) => distance)
  }
}

const M = fc.constantFrom(2, 4, 8, 16, 32)
// Few values, so that ties are common; some negative, as in a weighted sum of tables.
const entry = fc.constantFrom(0, 0.1, 0.1, 1 / 3, 2.5, -0.7, 1e-8, 12345.678)
const id = fc.oneof(fc.nat(40), fc.constantFrom(4294967295, 1000000))
const step = fc.oneof(
  fc.record({ do: fc.constant('append' as const), ids: fc.array(id, { maxLength: 60 }) }),
  fc.record({ do: fc.constant('remove' as const), ids: fc.array(id, { maxLength: 10 }) }),
  fc.record({
    do: fc.constant('search' as const),
    k: fc.nat(70),
    filter: fc.option(fc.uint8Array({ maxLength: 8 }), { nil: undefined })
  })
)

test('any calls give what the definition gives, to the bit', () => {
  fc.assert(
    fc.property(
      M,
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.infiniteStream(entry),
      fc.infiniteStream(fc.nat(255)),
      (books, steps, entries, bytes) => {
        const index = createReferenceIndex(books)
        const held = new Map<number, number[]>()
        const next = (): number => bytes.next().value ?? 0
        for (const one of steps) {
          if (one.do === 'append') {
            const codes = one.ids.map(() => Array.from({ length: books / 2 }, next))
            one.ids.forEach((key, i) => held.set(key, codes[i]!))
            index.append(Uint32Array.from(one.ids), Uint8Array.from(codes.flat()))
          } else if (one.do === 'remove') {
            for (const key of one.ids) held.delete(key)
            index.remove(Uint32Array.from(one.ids))
          } else {
            const table = Float32Array.from({ length: books * 16 }, () => entries.next().value ?? 0)
            const filter = one.filter
            assert.deepEqual(
              index.search(table, one.k, { filter }),
              expected(held, table, one.k, filter)
            )
          }
          assert.equal(index.size, held.size)
        }
      }
    ),
    { numRuns: 300 }
  )
})
