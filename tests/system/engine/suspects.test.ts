// A photo that ends compute each time: found among the others, tried alone, failed and named after
// its second death; a compute that dies for another reason costs no photo. The deaths are real.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import * as v from 'valibot'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import type { Engine } from '../../../main/engine/api.ts'
import { createEngine } from '../../../main/engine/engine.ts'
import type { Port } from '../../../main/wire/port.ts'
import { superviseCompute } from '../../support/compute.ts'
import type { Supervised } from '../../support/compute.ts'
import { makePhotos } from '../../support/photos.ts'

const Began = v.object({
  type: v.literal('event'),
  name: v.literal('began'),
  value: v.object({ ids: v.array(v.number()) })
})

/**
 * The same port; `onBegan` hears of the photos whose decoding begins, and says whether compute dies
 * of them: nothing more comes from it then, though its last answer may be on its way already.
 */
function overheard(port: Port, onBegan: (ids: number[]) => boolean): Port {
  let isDead = false
  return {
    ...port,
    onMessage: (listener) =>
      port.onMessage((message) => {
        if (isDead) return
        listener(message)
        const began = v.safeParse(Began, message)
        isDead = began.success && onBegan(began.output.value.ids)
      })
  }
}

interface Run {
  engine: Engine
  paths: string[]
  deaths(): number
}

/** Indexes 60 photos; `isDeadly` says whether compute dies of the photos that begin. */
async function run(context: TestContext, isDeadly: (ids: number[]) => boolean): Promise<Run> {
  const home = mkdtempSync(join(tmpdir(), 'kindred-suspects-'))
  const engine = await createEngine({ library: join(home, 'library'), watch: false, settle: 0 })
  let compute: Supervised | undefined
  let deaths = 0
  const kill = (): true => {
    deaths++
    compute?.kill()
    return true
  }
  compute = await superviseCompute((port) =>
    engine.attachCompute(overheard(port, (ids) => isDeadly(ids) && kill()))
  )
  context.after(async () => {
    await engine.close()
    await compute.stop()
    rmSync(home, { recursive: true, force: true })
  })
  const paths = await makePhotos(join(home, 'photos'), 60, { seed: 5, size: 80 })
  await engine.addFolder(join(home, 'photos'))
  await engine.idle()
  return { engine, paths, deaths: () => deaths }
}

test('a photo that ends compute each time is failed and named, no other is', async (context) => {
  const { engine, deaths } = await run(context, (ids) => ids.includes(20))
  assert.deepEqual([engine.status().indexed, engine.status().failed], [59, 1])
  assert.equal(deaths(), 3, 'once with others, twice alone')
  const [failed] = engine.failed()
  assert.ok(failed)
  assert.deepEqual([failed.fault.kind, failed.fault.subject], ['ends-process', basename(failed.path)])
})

test('two photos that end compute are both found', async (context) => {
  const { engine } = await run(context, (ids) => ids.includes(7) || ids.includes(33))
  assert.deepEqual([engine.status().indexed, engine.status().failed], [58, 2])
})

test('deaths from outside, whatever begins, cost no photo', async (context) => {
  let left = 4
  const { engine, deaths } = await run(context, () => left > 0 && left-- > 0)
  assert.equal(deaths(), 4)
  assert.deepEqual([engine.status().indexed, engine.status().failed], [60, 0])
})

test('closing in the middle of indexing makes no photo a suspect', async (context) => {
  const home = mkdtempSync(join(tmpdir(), 'kindred-suspects-'))
  const library = join(home, 'library')
  let attach: (port: Port) => void = () => undefined
  const compute = await superviseCompute((port) => attach(port))
  context.after(async () => {
    await compute.stop()
    rmSync(home, { recursive: true, force: true })
  })
  await makePhotos(join(home, 'photos'), 60, { seed: 6, size: 80 })
  for (const round of [1, 2]) {
    const engine = await createEngine({ library, watch: false, settle: 0 })
    await engine.addFolder(join(home, 'photos'))
    await new Promise<void>((resolve, reject) => {
      attach = (port) =>
        engine.attachCompute(
          overheard(port, () => {
            engine.close().then(() => resolve(), reject)
            return false
          })
        )
      compute.kill() // its next life is attached
    })
    const catalogue = openCatalogue(library)
    assert.ok(catalogue.work.counts().pending > 0, 'it was closed in the middle')
    assert.equal(catalogue.work.suspect(Infinity), undefined, `after close ${round}`)
    catalogue.close()
  }
})
