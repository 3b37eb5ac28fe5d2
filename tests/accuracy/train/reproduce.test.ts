// Both papers lift mAP: `kindred reproduce` from random weights on ten classes of generated
// pictures, at an eighth of the network's widths; `npm run bench -- reproduce` does it whole.
// slow: half a minute of the processor a paper.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import { runBenchmark } from '../../../main/cli/reproduce/benchmark.ts'
import { writableFolder } from '../../../main/cli/reproduce/run-checkpoint.ts'
import { readDataSet } from '../../../main/compute/benchmark/data-set.ts'
import { writeBatches } from '../../support/ten-classes.ts'

const CLASSES = 10
/** Pictures of each class. */
const [TRAIN, TEST] = [20, 10]
const EPOCHS = 8

// Measured with seeds 1, 2, 3: spq from .130 to .190, .133 to .183, .135 to .230; sscq from the
// same to .206, .199, .242: 1.38 to 1.79 times.
const LEAST_RISE = 1.2

const home = mkdtempSync(join(tmpdir(), 'kindred-reproduce-'))
before(() => writeBatches(home, TRAIN, TEST))
after(() => rmSync(home, { recursive: true, force: true }))

for (const method of ['spq', 'sscq'] as const) {
  test(`${method}: mAP after ${EPOCHS} epochs is above that of random weights`, async (t) => {
    const { train, test } = await readDataSet(home)
    const settings = {
      ...({ method, bits: 16, epochs: EPOCHS, batch: 20, seed: 1, narrower: 8 } as const),
      ...({ images: TRAIN * CLASSES, queries: TEST * CLASSES, ranking: 'plain' } as const),
      ...({ provider: 'cpu', data: 'generated' } as const)
    }
    const folder = join(home, method)
    await writableFolder(folder)
    const history = await runBenchmark({
      settings,
      evaluateEvery: EPOCHS,
      gallery: train,
      queries: test,
      folder,
      signal: t.signal,
      progress: () => {}
    })
    const [start = NaN, end = NaN] = history.flatMap(({ evaluation }) => evaluation?.all ?? [])
    t.diagnostic(`${method}: mAP@1000 ${start.toFixed(4)} untrained, ${end.toFixed(4)} after`)
    assert.ok(end > LEAST_RISE * start, `${end} after, expected ${LEAST_RISE} times ${start}`)
  })
}
