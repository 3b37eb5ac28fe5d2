// A run of learning that fails, and a process that is killed while it waits: how often it failed
// and when it is tried again outlive that.
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import * as v from 'valibot'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import type { Catalogue } from '../../../main/catalogue/catalogue.ts'
import { Learning } from '../../../main/wire/learning-contract.ts'
import { resultOf } from '../../support/learning.ts'
import { copyViewed } from '../../support/shared-library.ts'
import { TYPESCRIPT } from '../../support/typescript.ts'

const MINUTE = 60_000

const home = mkdtempSync(join(tmpdir(), 'kindred-learn-again-'))
const library = join(home, 'library')
after(() => rmSync(home, { recursive: true, force: true }))

function child(name: string): ChildProcess {
  return fork(`tests/support/${name}.ts`, [library], { execArgv: [...TYPESCRIPT] })
}

/** A life of the process, ended by SIGKILL once what is told of learning is so. */
async function lifeUntil(isSo: (learning: Learning) => boolean): Promise<Learning> {
  const process = child('learner-child')
  const ended = once(process, 'exit')
  const told = new Promise<Learning>((resolve, reject) => {
    process.on('message', (message) => {
      const { learning } = v.parse(v.object({ learning: Learning }), message)
      if (isSo(learning)) resolve(learning)
    })
    ended.then(() => reject(new Error('the process ended by itself')), reject)
  })
  try {
    return await told
  } finally {
    process.kill('SIGKILL')
    await ended
  }
}

function withCatalogue<T>(work: (catalogue: Catalogue) => T): T {
  const catalogue = openCatalogue(library)
  try {
    return work(catalogue)
  } finally {
    catalogue.close()
  }
}

const stopKept = () => withCatalogue(({ settings }) => settings.learningStop())

function setRetryAt(retryAt: number): void {
  withCatalogue(({ settings }) => {
    settings.setLearningStop({ ...settings.learningStop()!, retryAt })
  })
}

test('attempts of learning are spaced, over kills', async () => {
  await copyViewed(library)
  // Half of a photo's feature is lost, so no run can be carried out.
  const [id, backbone, whole] = withCatalogue(({ vectors }) => {
    const name = vectors.anyBackbone()
    const photo = vectors.featureIds(name)[0]!
    const feature = vectors.feature(photo, name)!
    vectors.addFeature(photo, name, feature.slice(0, feature.length / 2))
    return [photo, name, feature] as const
  })

  const first = await lifeUntil(({ trouble }) => trouble !== null)
  const kept = stopKept()
  assert.deepEqual([kept?.attempts, kept?.fault], [1, first.trouble])

  setRetryAt(Date.now() + 30 * MINUTE)
  // It could go on now, if it did not wait: neither for compute nor for indexing.
  const second = await lifeUntil(
    ({ state, waitsFor }) => state === 'running' || (state === 'waiting' && waitsFor === null)
  )
  assert.deepEqual([second.state, second.trouble], ['waiting', first.trouble])
  assert.equal(stopKept()?.attempts, 1)

  setRetryAt(Date.now() - 1)
  const since = Date.now()
  await lifeUntil(({ trouble }) => trouble !== null) // its time had come: it was tried first
  const again = stopKept()
  assert.equal(again?.attempts, 2)
  assert.ok(again.retryAt >= since + MINUTE, 'twice as long as after the first')

  withCatalogue(({ vectors }) => vectors.addFeature(id, backbone, whole))
  const { kept: isKept } = await resultOf(child('learn-child')) // somebody wants it now
  assert.equal(isKept, true)
  assert.equal(stopKept(), undefined)
})
