// What views are drawn: the papers' distribution, the crop's geometry, determinism, refusals.
import assert from 'node:assert/strict'
import test from 'node:test'
import { augmentationMaps, writeDense } from '../../../model/image/augment-maps.ts'
import { createAugmenter } from '../../../model/image/augment-photo.ts'
import {
  PAPER_VIEWS,
  PHOTO_VIEWS,
  plainView,
  sampleAugmentation
} from '../../../model/image/augment.ts'
import type { Augmentation } from '../../../model/image/augment.ts'
import { seededRandom } from '../../../model/quant/random.ts'
import { exampleCard, noisePhoto } from '../../support/noise.ts'

const DRAWN = 20_000
const SOURCE = { width: 320, height: 240 }

function drawn(seed: number, settings = PAPER_VIEWS, source = SOURCE): Augmentation[] {
  const random = seededRandom(seed)
  return Array.from({ length: DRAWN }, () => sampleAugmentation(random, settings, source))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Five standard errors of a share, or more. */
function near(actual: number, expected: number, tolerance: number, what: string): void {
  const fits = Math.abs(actual - expected) <= tolerance
  assert.ok(fits, `${what}: expected ${expected} within ${tolerance}, got ${actual}`)
}

test("views follow the papers' distribution", () => {
  const views = drawn(1)
  const share = (holds: (view: Augmentation) => boolean): number =>
    views.filter(holds).length / views.length
  near(share(({ flip }) => flip), 0.5, 0.02, 'mirrored')
  near(share(({ grey }) => grey), 0.2, 0.02, 'grey')
  near(share(({ colour }) => colour.length > 0), 0.8, 0.02, 'jittered')
  near(share(({ sigma }) => sigma > 0), 0.5, 0.02, 'blurred')
  const sigmas = views.map(({ sigma }) => sigma).filter((sigma) => sigma > 0)
  near(mean(sigmas), 1.05, 0.03, 'mean sigma')
  assert.ok(Math.min(...sigmas) >= 0.1 && Math.max(...sigmas) <= 2)
  const jittered = views.filter(({ colour }) => colour.length > 0)
  for (const kind of ['brightness', 'contrast', 'saturation', 'hue'] as const) {
    const amounts = jittered.map(({ colour }) => colour.find((step) => step.kind === kind)!.amount)
    const [middle, reach] = kind === 'hue' ? [0, 0.1] : [1, 0.4]
    near(mean(amounts), middle, 0.05 * reach, `mean ${kind}`)
    const distance = mean(amounts.map((x) => Math.abs(x - middle)))
    near(distance, reach / 2, 0.03 * reach, `reach of ${kind}`)
    assert.ok(amounts.every((x) => Math.abs(x - middle) <= reach))
    const first = mean(jittered.map(({ colour }) => Number(colour[0]!.kind === kind)))
    near(first, 0.25, 0.02, `${kind} comes first`)
  }
})

test('crops keep the share and the shape that were drawn, anywhere in the picture', () => {
  // A square that every drawn shape fits into: then no try fails and the means are the range's.
  const scale = [0.08, 0.5] as const
  const crops = drawn(2, { ...PAPER_VIEWS, scale }, { width: 400, height: 400 }).map((x) => x.crop)
  near(mean(crops.map(({ width, height }) => (width * height) / 160_000)), 0.29, 0.006, 'area')
  near(mean(crops.map(({ width, height }) => Math.log(width / height))), 0, 0.01, 'shape')
  const shapes = crops.map(({ width, height }) => width / height)
  assert.ok(Math.min(...shapes) > 0.74 && Math.max(...shapes) < 1.35)
  near(mean(crops.map((x) => x.left / (400 - x.width + 1))), 0.5, 0.02, 'from the left')
  near(mean(crops.map((x) => x.top / (400 - x.height + 1))), 0.5, 0.02, 'from the top')
  assert.ok(crops.some(({ left }) => left === 0))
  assert.ok(crops.some(({ left, width }) => left + width === 400))
  const photos = drawn(3, PHOTO_VIEWS).map(({ crop }) => (crop.width * crop.height) / 76_800)
  assert.ok(Math.min(...photos) > 0.19)
})

test('where no crop fits, the middle is taken, as near to the shapes as may be', () => {
  const settings = { ...PAPER_VIEWS, scale: [1, 1] as const }
  const crop = (width: number, height: number): Augmentation['crop'] =>
    sampleAugmentation(seededRandom(4), settings, { width, height }).crop
  assert.deepEqual(crop(900, 30), { left: 430, top: 0, width: 40, height: 30 })
  assert.deepEqual(crop(30, 900), { left: 0, top: 430, width: 30, height: 40 })
  assert.deepEqual(crop(1, 1), { left: 0, top: 0, width: 1, height: 1 })
})

test('one seed gives the same views, another gives others', () => {
  assert.deepEqual(drawn(7), drawn(7))
  assert.notDeepEqual(drawn(7), drawn(8))
})

test('rows of both matrices sum to one and stay inside the crop', () => {
  for (const view of drawn(9).slice(0, 50)) {
    const { rows, columns, colour } = augmentationMaps(view, SOURCE, 32)
    const matrix = new Float32Array(32 * SOURCE.width)
    writeDense(columns, SOURCE.width, matrix)
    for (let y = 0; y < 32; y++) {
      const row = matrix.subarray(y * SOURCE.width, (y + 1) * SOURCE.width)
      near(row.reduce((sum, x) => sum + x, 0), 1, 1e-5, 'sum of a row')
      const { left, width } = view.crop
      assert.ok(row.every((x, i) => x === 0 || (i >= left && i < left + width)))
    }
    assert.equal(rows.firsts.length, 32)
    // White stays grey: the rows of both maps together have one sum.
    const sums = [0, 3, 6].map((row) =>
      [0, 1, 2].reduce((sum, i) => sum + colour.own[row + i]! + colour.ofMean[row + i]!, 0)
    )
    for (const sum of sums) near(sum, sums[0]!, 1e-12, 'white')
  }
})

test('what does not fit is refused by name', () => {
  const random = seededRandom(1)
  assert.throws(
    () => sampleAugmentation(random, PAPER_VIEWS, { width: 0, height: 3 }),
    /source: expected whole numbers above 0, got 0 x 3/
  )
  const augment = createAugmenter(exampleCard())
  const photo = noisePhoto(40, 40)
  const batch = new Float32Array(2 * 3 * 32 * 32)
  assert.throws(() => augment({ ...photo, width: 41 }, plainView(photo), batch, 0), /rgb: expected/)
  assert.throws(() => augment(photo, plainView(photo), batch, 2), /slot: expected/)
  assert.throws(
    () => augment(photo, plainView({ width: 41, height: 40 }), batch, 0),
    /crop: expected one inside 40 x 40, got 41 x 40 at 0, 0/
  )
})
