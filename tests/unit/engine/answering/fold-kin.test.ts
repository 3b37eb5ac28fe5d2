// Photos whose files are equal, or that show the same picture, are one of the kin, and as many as
// are wanted are found below them. Over a real catalogue, with a model and without one.
import assert from 'node:assert/strict'
import test from 'node:test'
import { areBlank, foldedKin } from '../../../../main/engine/answering/fold-kin.ts'
import { FINGERPRINT_BYTES } from '../../../../model/retrieval.ts'
import { encodeAll, fittedLibrary } from '../../../support/fitted-library.ts'

/** 100 pictures, the first in 41 copies and the second in 300. */
const ROWS = [...Array(100).keys(), ...Array(40).fill(0), ...Array(299).fill(1)] as number[]

/** A picture, and another in 50 copies. */
const ONE_BESIDE = [0, ...Array(50).fill(1)] as number[]

for (const isModelled of [false, true])
  test(`copies are one of the kin, ${isModelled ? 'by codes' : 'by features'}`, async (context) => {
    const given = await fittedLibrary(context, ROWS)
    const { catalogue, search, ids } = given
    if (isModelled) search.serve(await search.load(await encodeAll(given)))
    const asked = ids[0]!
    const except = [asked, ...(catalogue.contents.copiesOf([asked]).get(asked) ?? [])]
    assert.equal(except.length, 41)
    const vectors = search.vectorsOf(asked)!
    const counts: number[] = []
    const kin = foldedKin(catalogue, search, { top: 100, first: 100, isFolded: true }, (top) => {
      counts.push(top)
      return search.find([{ vectors, weight: 1 }], { top, except })
    })
    const pictures = kin.map(({ id }) => ROWS[ids.indexOf(id)])
    assert.equal(new Set(pictures).size, 99, 'all other pictures, each once')
    assert.equal(kin.length, 99)
    const second = kin[pictures.indexOf(1)]!
    assert.equal(second.copies.length, 299, 'all places are told')
    assert.ok(kin.every(({ id, copies }) => id === second.id || copies.length === 0))
    assert.deepEqual(counts, [100, 400], 'it was asked deeper, with bounded work')
    for (let i = 1; i < kin.length; i++) assert.ok(kin[i]!.score <= kin[i - 1]!.score)
  })

test('no more is asked for than can be read at once', async (context) => {
  const { catalogue, search, ids } = await fittedLibrary(context, ONE_BESIDE)
  const vectors = search.vectorsOf(ids[0]!)!
  const counts: number[] = []
  const kin = foldedKin(catalogue, search, { top: 10, first: 10, isFolded: true }, (top) => {
    counts.push(top)
    const found = search.find([{ vectors, weight: 1 }], { top: 50, except: [ids[0]!] })
    return {
      // As if there were that many.
      ids: Uint32Array.from({ length: top }, (_, i) => found.ids[i % found.ids.length]!),
      scores: new Float32Array(top).fill(0.5)
    }
  })
  assert.equal(kin.length, 1)
  assert.ok(counts.every((count) => count <= 3000), counts.join(' '))
})

/** A library of 60 pictures, and their kin as they are asked for from the first, by place. */
async function ofSixty(context: Parameters<typeof fittedLibrary>[0]) {
  const { catalogue, search, ids } = await fittedLibrary(context, [...Array(60).keys()])
  const contents = [...catalogue.contents.heldBy(ids).values()].map(({ content }) => content)
  assert.equal(contents.length, 60)
  const link = (one: number, other: number): void =>
    catalogue.fingerprints.link(contents[one]!, contents[other]!)
  const vectors = search.vectorsOf(ids[0]!)!
  const ask = (isFolded: boolean, top = 59) =>
    foldedKin(catalogue, search, { top, first: 20, isFolded }, (count) =>
      search.find([{ vectors, weight: 1 }], { top: count, except: [ids[0]!] })
    ).map(({ id, alike }) => [id, ...alike].map((one) => ids.indexOf(one)))
  return { catalogue, ids, link, ask }
}

test('near-identical pictures are one of the kin, the nearest with the others beside it', async (context) => {
  const { link, ask } = await ofSixty(context)
  const plain = ask(true).flat()
  assert.equal(plain.length, 59)
  const [a, b, c, d] = [plain[3]!, plain[10]!, plain[30]!, plain[40]!]
  link(a, c)
  link(c, d) // d is as c is, and not as a: no chain
  link(a, b)
  const folded = ask(true)
  assert.deepEqual(folded[3], [a, b, c])
  assert.equal(folded.length, 57)
  assert.ok(folded.some(([first]) => first === d))
  assert.equal(ask(true, 57).length, 57, 'as many as are wanted are found below them')
  assert.deepEqual(ask(false), plain.map((one) => [one]), 'unless they are to be told apart')
})

test('nearly blank pictures are nobody’s kin', async (context) => {
  const { catalogue, ids, ask } = await ofSixty(context)
  const plain = ask(true).flat()
  const blanks = [plain[0]!, plain[20]!]
  for (const place of blanks) {
    const [held] = catalogue.contents.heldBy([ids[place]!]).values()
    catalogue.fingerprints.put(held!.hash, new Uint8Array(FINGERPRINT_BYTES), true)
  }
  const left = plain.filter((place) => !blanks.includes(place))
  for (const isFolded of [true, false]) assert.deepEqual(ask(isFolded).flat(), left)
  const [blank, other] = [ids[blanks[0]!]!, ids[left[0]!]!]
  assert.ok(areBlank(catalogue, [blank]))
  assert.ok(!areBlank(catalogue, [blank, other]))
  assert.ok(!areBlank(catalogue, []))
})
