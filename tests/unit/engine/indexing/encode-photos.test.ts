// Encoding of a whole library: from the projected features of another model where there are any, to
// the same bits as from features; what changes on the way is left to the next pass.
import assert from 'node:assert/strict'
import test from 'node:test'
import { encodeAll as encodeWith } from '../../../../main/engine/indexing/encode-photos.ts'
import {
  encode,
  encodeProjected,
  multiplyReference,
  parseQuantizer,
  serialiseQuantizer
} from '../../../../model/retrieval.ts'
import { encodeAll, features, fittedLibrary, fitting, row } from '../../../support/fitted-library.ts'
import { partCompute } from '../../../support/part-compute.ts'
import { contextOf } from '../../../support/writer-context.ts'

const LEARNED = {
  depth: 'head',
  device: 'cpu',
  seconds: 1,
  steps: 1,
  scoreBefore: 0,
  scoreAfter: 1,
  witnessShare: null
} as const

test('a learned model encodes from the projected features of its base', async (context) => {
  const given = await fittedLibrary(context)
  const { catalogue, ids } = given
  const base = await encodeAll(given)
  const first = await fitting
  const learned = { ...first, head: { ...first.head, bias: first.head.bias.map((_, i) => i / 9) } }
  const record = serialiseQuantizer(learned)
  const model = catalogue.models.addLearned(record, 1, { base, ...LEARNED })
  assert.deepEqual(catalogue.models.ofSameProjection(model), [base])
  assert.deepEqual(catalogue.models.ofSameProjection(base), [model])

  const [unknown, leaving, anew] = [ids[5]!, ids[6]!, ids[7]!]
  catalogue.vectors.putFeature(unknown, first.backbone, row(5)) // and no encoding of it yet
  const asked = { features: 0, projected: 0 }
  const { link, far } = partCompute({
    encode: ({ quantizer, features: rows, n }) => {
      asked.features += n
      return encode(parseQuantizer(quantizer), rows, multiplyReference)
    },
    encodeProjected: ({ quantizer, projected, n }) => {
      asked.projected += n
      catalogue.files.leave(leaving, 1)
      catalogue.vectors.putFeature(anew, first.backbone, row(8))
      return encodeProjected(parseQuantizer(quantizer), projected, multiplyReference)
    }
  })
  context.after(() => {
    link.close()
    far.close()
  })
  const told: number[] = []
  const { signal } = new AbortController()
  const writer = contextOf(catalogue, link)
  await encodeWith(writer, { id: model, record }, signal, (photos) => told.push(photos))
  assert.deepEqual(asked, { features: 1, projected: ids.length - 1 })
  assert.deepEqual(told, [ids.length])

  const expected = await encode(learned, features, multiplyReference)
  const size = expected.codes.length / ids.length
  ids.forEach((id, place) => {
    const encoding = catalogue.vectors.encoding(id, model)
    if (id === leaving || id === anew) return assert.equal(encoding, undefined)
    assert.deepEqual(encoding?.projected, expected.projected.slice(place * 256, (place + 1) * 256))
    assert.deepEqual(encoding.code, expected.codes.slice(place * size, (place + 1) * size))
  })
  assert.deepEqual(catalogue.vectors.unencoded(model, first.backbone, 0, 9), [anew])
  assert.equal(catalogue.vectors.unaveragedCount(model), 0)
  await encodeWith(writer, { id: model, record }, signal)
  assert.deepEqual(asked, { features: 2, projected: ids.length - 1 }, 'by what it is now')

  const averaging = serialiseQuantizer({ ...learned, averages: true })
  const another = catalogue.models.addLearned(averaging, 2, { base, ...LEARNED })
  await encodeWith(writer, { id: another, record: averaging }, signal)
  const encoded = ids.length - 2 // one has left, one is described anew in each call
  assert.equal(catalogue.vectors.unaveragedCount(another), encoded)
})
