// A process to be killed: holds an engine with its compute and does one thing until it is dead or
// done. `node worker.ts <task> <library>`.
import { createEngine } from '../../../main/engine/engine.ts'
import type { Engine } from '../../../main/engine/api.ts'
import { superviseCompute } from '../../support/compute.ts'
import { QUICK } from '../../support/learning.ts'
import { TASKS } from './tasks.ts'
import type { Task } from './tasks.ts'

const WORK: Record<Task, (engine: Engine, round: number) => Promise<unknown>> = {
  indexing: (engine) => engine.rescan().then(() => engine.idle()),
  learning: (engine, round) => engine.learner.learn({ ...QUICK, seed: 100 + round }),
  async swapping(engine) {
    const kept = await engine.models()
    const other = kept.find(({ state }) => state === 'retired')
    if (other) await engine.learner.rollback(other.id)
  },
  async searching(engine) {
    const { ids } = await engine.vectors()
    for (const id of ids) await engine.similar({ parts: [{ of: { id }, weight: 1 }], top: 50 })
  },
  migrating: () => Promise.resolve()
}

async function main(task: Task, library: string): Promise<void> {
  if (task === 'migrating') process.send?.('at work') // opening it is the work
  const engine = await createEngine({ library, watch: false, settle: 0 })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  if (task !== 'migrating') process.send?.('at work')
  for (let round = 0; process.connected && task !== 'migrating'; round++)
    await WORK[task](engine, round)
  await engine.close()
  await compute.stop()
}

const [task, library] = process.argv.slice(2)
const known = TASKS.find((each) => each === task)
if (!known || !library) throw new Error(`expected one of ${TASKS.join(', ')} and a library`)
void main(known, library)
