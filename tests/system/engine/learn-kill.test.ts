// Processes killed at random moments of learning, twenty times: the one that holds the engine, and
// compute. A complete model serves after every kill, and the run ends as if nothing had been.
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import { createEngine } from '../../../main/engine/engine.ts'
import { LearnResult } from '../../../main/wire/learning-contract.ts'
import { seededRandom } from '../../../model/retrieval.ts'
import { superviseCompute } from '../../support/compute.ts'
import { QUICK, resultOf } from '../../support/learning.ts'
import { kinOf } from '../../support/library.ts'
import { SHARED_PHOTOS as PHOTOS, copyLearned, copyViewed } from '../../support/shared-library.ts'
import { TYPESCRIPT } from '../../support/typescript.ts'

const KILLS = 10 // of each process
const MISSING = 60 // photos without views: some kills come while these are made, others later
const SEED = Number(process.env['KINDRED_KILL_SEED'] ?? 1)

const home = mkdtempSync(join(tmpdir(), 'kindred-learn-kill-'))
const indexed = join(home, 'library')

before(async () => {
  await copyViewed(indexed, MISSING)
  undisturbed = await copyLearned(join(home, 'undisturbed'))
})
after(() => rmSync(home, { recursive: true, force: true }))

interface State {
  serving: number
  views: number
  unfinished: boolean
}

/** What a kill has left: the model that serves has the code of every photo. */
function stateOf(library: string): State {
  const catalogue = openCatalogue(library)
  const serving = catalogue.models.serving()
  assert.ok(serving, 'a model serves')
  assert.equal(catalogue.vectors.codes(serving.id, 0, 1000).ids.length, PHOTOS)
  const base = serving.base ?? serving.id
  const views = catalogue.views.photos(base).size
  const unfinished = catalogue.runs.unfinished() !== undefined
  catalogue.close()
  return { serving: serving.id, views, unfinished }
}

/** What a run that nobody disturbs comes to. */
let undisturbed: LearnResult

function start(library: string): ReturnType<typeof fork> {
  return fork('tests/support/learn-child.ts', [library], { execArgv: [...TYPESCRIPT] })
}

/** Times differ; all else must not. */
function assertSame(result: LearnResult): void {
  const { kept, steps, scoreBefore, scoreAfter } = result
  assert.deepEqual(
    { kept, steps, scoreBefore, scoreAfter },
    {
      kept: undisturbed.kept,
      steps: undisturbed.steps,
      scoreBefore: undisturbed.scoreBefore,
      scoreAfter: undisturbed.scoreAfter
    }
  )
}

test(`the process that holds the engine is killed ${KILLS} times`, async () => {
  const random = seededRandom(SEED)
  let copies = 0
  const copied = (): string => {
    const library = join(home, `engine-${++copies}`)
    cpSync(indexed, library, { recursive: true })
    return library
  }
  let library = copied()
  let before = stateOf(library)
  for (let kill = 0; kill < KILLS; kill++) {
    const child = start(library)
    const exit = once(child, 'exit')
    if (kill % 4 !== 3) await Promise.race([once(child, 'message'), exit]) // else: while it starts
    await Promise.race([sleep(random() * Math.min(2500, 600 * undisturbed.seconds)), exit])
    child.kill('SIGKILL')
    await exit
    const left = stateOf(library)
    if (!left.unfinished && left.serving !== before.serving) {
      // It came to its end before the kill. A run after it would be another one: from the start.
      library = copied()
      before = stateOf(library)
      continue
    }
    assert.ok(left.unfinished || !before.unfinished, 'a run that was begun goes on')
    assert.ok(left.views >= before.views, 'views are kept')
    before = left
  }
  const result = await resultOf(start(library))
  assertSame(result)
  assert.equal(stateOf(library).serving, result.model)
})

test(`compute is killed ${KILLS} times`, async (context) => {
  const random = seededRandom(SEED + 1)
  const library = join(home, 'compute')
  cpSync(indexed, library, { recursive: true })
  const engine = await createEngine({ library, watch: false, settle: 0 })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  context.after(async () => {
    await engine.close()
    await compute.stop()
  })
  const ended: LearnResult[] = []
  let learning = engine.learner.learn(QUICK).then((result) => ended.push(result))
  for (let kill = 0; kill < KILLS; kill++) {
    const runs = ended.length
    await Promise.race([sleep(200 + random() * 3000), learning])
    // One that ended is followed by another: no kill goes into the void.
    if (ended.length > runs)
      learning = engine.learner.learn({ ...QUICK, seed: 2 }).then((result) => ended.push(result))
    compute.kill()
    const kin = await kinOf(engine, { parts: [{ of: { id: 7 }, weight: 1 }], top: 5 })
    assert.equal(kin.length, 5, 'the serving model answers')
  }
  await learning
  assertSame(ended[0]!)
  assert.equal(compute.starts, KILLS + 1)
  await engine.close()
  assert.equal(stateOf(library).serving, ended.at(-1)?.model)
})
