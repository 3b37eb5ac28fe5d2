// Learning on real photos: 2-byte codes learned on the photos of one folder find the same thing far
// better than the first quantizer's. slow: views of 600 photos take half a minute the first time.
// Skipped where the photos are missing.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test from 'node:test'
import { runJob } from '../../bench/accuracy/jobs.ts'
import type { Job } from '../../bench/accuracy/jobs.ts'

const FOLDER = fileURLToPath(new URL('../../../../shared/photos/same-thing', import.meta.url))

// Measured, seed 1: start .882, setting a .992; `npm run bench -- accuracy` has all of it.
test('same-thing: 2 bytes learned with neighbours as positives beat the start', async (t) => {
  if (!existsSync(FOLDER)) return t.skip(`no photos in ${FOLDER}`)
  const job = (train: Job['train']): Job => ({
    folders: [{ path: FOLDER, top: 4 }],
    bits: 16,
    seed: 1,
    train
  })
  const codesOf = async (train: Job['train']): Promise<number> =>
    (await runJob(job(train))).sets['same-thing']?.codes ?? Number.NaN
  const start = await codesOf('start')
  const setting = { temperature: 0.15, neighbourShare: 0.5, similarityRatio: 0.92, steps: 200 }
  const learned = await codesOf({ name: 'a', loss: 'spq', pairs: 'neighbours', ...setting })
  t.diagnostic(`mAP@4 of 2-byte codes: start ${start}, learned ${learned}`)
  assert.ok(learned >= 0.97, `learned ${learned}, expected at least .97`)
  assert.ok(learned > start + 0.05, `learned ${learned}, start ${start}`)
})
