// Libraries that are awkward to learn from, of planted kinds, bursts and copies: by their labels
// none ends worse than it began, and copies and bursts do not keep the others from being learned.
import assert from 'node:assert/strict'
import test from 'node:test'
import { multiplyInRuntime } from '../../../../main/compute/multiply-in-runtime.ts'
import { learnHead } from '../../../../model/learning.ts'
import type { LearnHeadOptions, LearnHeadResult } from '../../../../model/learning.ts'
import { seededRandom } from '../../../../model/retrieval.ts'
import { meanPrecision, planted } from '../../../support/awkward.ts'
import type { Planted, PlantedLibrary } from '../../../support/awkward.ts'
import { SETTING, TRAINING } from '../../../support/kinds.ts'

const KINDS = 16
const STEPS = 24
const MOST_ASKED = 150
/** What a mean over so many queries may lose by chance. */
const NOTHING = 0.005

const photos = (count: number, of: (place: number) => Planted): Planted[] =>
  Array.from({ length: count }, (_, place) => of(place))
const kindOf = (place: number): Planted => ({ kind: place % KINDS })
const burstOf = (burst: number): Planted => ({ kind: burst % KINDS, burst })

interface Figures {
  kinds: number
  bursts: number
}

async function figuresOf(
  library: PlantedLibrary,
  { quantizer }: Pick<LearnHeadResult, 'quantizer'>
): Promise<Figures> {
  const by = (label: 'kind' | 'burst', top: number): Promise<number> =>
    meanPrecision(quantizer ?? library.start, library, (photo) => photo[label], top, MOST_ASKED)
  const bursts = library.photos.some(({ burst }) => burst !== undefined)
  return { kinds: await by('kind', 100), bursts: bursts ? await by('burst', 5) : 1 }
}

/** As contents choose them: at random, and copies alike; enough for the gate, half at most. */
function witnessesOf({ photos }: PlantedLibrary): Uint8Array {
  const random = seededRandom(9)
  const share = Math.max(0.05, Math.min(0.5, 350 / photos.length))
  const drawn = photos.map(() => random())
  return Uint8Array.from(photos, ({ copy }, place) => Number(drawn[copy ?? place]! < share))
}

/** Learns, and checks that nothing got worse. */
async function learned(
  library: PlantedLibrary,
  own: Partial<LearnHeadOptions> = {}
): Promise<{ result: LearnHeadResult; before: Figures; after: Figures }> {
  const { data, start } = library
  const sharp = { temperature: 0.15, neighbourShare: 0.5, similarityRatio: 0.92 }
  const result = await learnHead({
    data,
    start,
    serving: start,
    ...TRAINING,
    bits: 64,
    multiply: multiplyInRuntime,
    loss: 'spq',
    pairs: 'automatic',
    settings: [{ ...SETTING, ...sharp, steps: STEPS }],
    repeats: 1,
    witness: witnessesOf(library),
    ...own
  })
  const before = await figuresOf(library, { quantizer: own.serving ?? null })
  const serves = result.quantizer ?? own.serving ?? null
  const after = await figuresOf(library, { quantizer: serves })
  for (const name of ['kinds', 'bursts'] as const)
    assert.ok(after[name] >= before[name] - NOTHING, `${name}: ${before[name]} to ${after[name]}`)
  return { result, before, after }
}

test('every photo twice: what is learned is as good as without the copies', async () => {
  const library = await planted(photos(1000, (i) => ({ kind: (i >> 1) % KINDS, copy: i >> 1 })))
  const { result, before, after } = await learned(library)
  assert.ok(result.kept && after.kinds > before.kinds + 0.02, `${before.kinds} to ${after.kinds}`)
})

test('60 % bursts: kinds are learned across them, and bursts stay together', async () => {
  const mixed = photos(1000, (i) => (i < 400 ? kindOf(i) : burstOf(Math.floor(i / 6))))
  const { result, before, after } = await learned(await planted(mixed))
  assert.ok(result.kept && after.kinds > before.kinds + 0.02, `${before.kinds} to ${after.kinds}`)
})

test('one kind only, in small bursts', async () => {
  await learned(await planted(photos(320, (i) => ({ kind: 0, burst: i >> 2 }))))
})

test('where all photos are equal nothing is learned', async () => {
  const { result } = await learned(await planted(photos(300, () => ({ kind: 0, copy: 0 }))))
  assert.deepEqual([result.kept, result.quantizer, result.steps], [false, null, 0])
})

test('300 equal pictures among others are one photo', async () => {
  const library = await planted(
    photos(800, (i) => (i < 300 ? { kind: KINDS, copy: 0 } : kindOf(i)))
  )
  const { result, before, after } = await learned(library)
  assert.ok(result.kept && after.kinds > before.kinds, `${before.kinds} to ${after.kinds}`)
})

test('150 screenshots among 2,500 photos', async () => {
  const library = await planted(photos(2650, (i) => (i < 150 ? { kind: KINDS } : kindOf(i))))
  await learned(library)
})

test('one new wedding in a library that has learned before', async () => {
  const WEDDING = 3
  const all = photos(500, (i) => (i < 360 ? kindOf(i) : { ...burstOf(i >> 2), kind: WEDDING }))
  const library = await planted(all)
  const first = await learned(library)
  const serving = first.result.quantizer ?? library.start
  await learned(library, { serving })
})

test('256 photos', async () => {
  await learned(await planted(photos(256, kindOf)))
})
