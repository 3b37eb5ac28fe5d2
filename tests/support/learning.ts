// What tests of learning share: options that make a run short, a library to learn in, waiting for
// a state. Test code only.
import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import * as v from 'valibot'
import type { Engine, Status } from '../../main/engine/api.ts'
import { createEngine } from '../../main/engine/engine.ts'
import { LearnResult } from '../../main/wire/learning-contract.ts'
import type { LearnOptions, LearnPhase, Learning } from '../../main/wire/learning-contract.ts'
import { endOf } from './child-end.ts'
import { superviseCompute } from './compute.ts'

/** A run of the head, its trainings as short as they are certain to be worth keeping. */
export const QUICK: LearnOptions = {
  depth: 'head',
  pairs: 'neighbours',
  temperature: 0.2,
  steps: 12
}

/** Indexes a folder into a library and closes it; what the library is then. */
export async function indexInto(library: string, folder: string): Promise<Status> {
  const engine = await createEngine({ library, watch: false, settle: 0 })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  await engine.addFolder(folder)
  await engine.idle()
  const status = engine.status()
  await engine.close()
  await compute.stop()
  return status
}

/** Learns in an indexed library until a phase is reached, and closes it: the run is unfinished. */
export async function learnUntil(library: string, phase: LearnPhase): Promise<void> {
  const engine = await createEngine({ library, watch: false, settle: 0, learns: QUICK })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  await duringFirstRun(engine, (learning) => learning.phase === phase, phase)
  await engine.close()
  await compute.stop()
}

/** Waits until what is told of learning is so. */
export function whenLearning(
  engine: Engine,
  isSo: (learning: Learning) => boolean
): Promise<Learning> {
  return new Promise((resolve, reject) => {
    const leave = engine.learner.on(look)
    function look(learning: Learning): void {
      if (!isSo(learning)) return
      leave()
      resolve(learning)
    }
    engine.learner.snapshot().then(look, reject)
  })
}

/** Waits until it is so within a library's first run; fails where that has ended before. */
export async function duringFirstRun(
  engine: Engine,
  isSo: (learning: Learning) => boolean,
  what: string
): Promise<Learning> {
  const told = await whenLearning(engine, (learning) => isSo(learning) || learning.last !== null)
  assert.ok(isSo(told), `the run ended before ${what}`)
  return told
}

/** What a process of learn-child.ts comes to, once it has ended well. */
export async function resultOf(child: ChildProcess): Promise<LearnResult> {
  let told: unknown
  // Its phases are told in between, and may be told behind it.
  child.on('message', (message) => {
    if (v.is(v.object({ result: v.unknown() }), message)) told = message
  })
  await endOf(child)
  assert.equal(child.exitCode, 0)
  return v.parse(v.object({ result: LearnResult }), told).result
}
