// Answers while photos are indexed and quantizers fitted and swapped: always whole, always of one
// model, never refused.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createEngine } from '../../../main/engine/engine.ts'
import { connect } from '../../../main/wire/channel.ts'
import { engineContract } from '../../../main/wire/engine-contract.ts'
import { portPair } from '../../../main/wire/port.ts'
import { superviseCompute } from '../../support/compute.ts'
import { temporaryFolder } from '../../support/library.ts'
import { makePhotos } from '../../support/photos.ts'

const COUNT = 420 // fitted at 256, again at 385 and at the end
const TOP = 20

test('a query is answered all through indexing, fitting and swaps', async (context) => {
  const photos = join(temporaryFolder(context), 'photos')
  const engine = await createEngine({
    library: temporaryFolder(context),
    watch: false,
    settle: 0
  })
  const [far, near] = portPair()
  engine.servePage(near)
  const page = connect(far, engineContract)
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  const fittedOn = new Set<number | undefined>()
  let answers = 0
  try {
    const [query] = await makePhotos(photos, COUNT, { seed: 3, size: 80 })
    assert.ok(query)
    await engine.addFolder(photos)
    let done = false
    const finished = engine.idle().then((run) => {
      done = true
      return run
    })
    while (!done) {
      await sleep(10) // a pair of ports in one process would leave the disk no turn
      const { model, indexed } = await page.call('library', {})
      const id = engine.idOf(query)
      if (id === undefined || indexed < 2) continue
      fittedOn.add(model?.fittedOn)
      const { kin, exact } = await page.call('kin', { id, top: TOP })
      answers++
      assert.ok(kin.length >= Math.min(TOP, indexed) - 1, `${kin.length} of ${indexed}`)
      assert.equal(new Set(kin.map((one) => one.id)).size, kin.length)
      assert.ok(!kin.some((one) => one.id === id))
      assert.ok(kin.every((one, i) => i === 0 || one.score <= kin[i - 1]!.score))
      if (model) assert.equal(exact, false, 'with a model it is never slow again')
    }
    assert.equal((await finished).indexed, COUNT)
    const last = engine.status().model?.fittedOn
    assert.ok(last !== undefined && last * 1.1 >= COUNT)
    fittedOn.add(last)
    assert.ok(fittedOn.size >= 3, `models seen: ${[...fittedOn].join()}`)
    assert.ok(answers >= 10, `${answers} answers`)
  } finally {
    await engine.close()
    await compute.stop()
  }
})
