// A process that holds an engine and its compute, learns in a library and says what came of it,
// telling its phases: for tests that kill it. `node --import tsx
// learn-child.ts <library>`.
import { createEngine } from '../../main/engine/engine.ts'
import { superviseCompute } from './compute.ts'
import { QUICK } from './learning.ts'

async function main(library: string): Promise<void> {
  const engine = await createEngine({ library, watch: false, settle: 0, learns: QUICK })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  engine.learner.on(({ phase }) => process.send?.({ phase }))
  const result = await engine.learner.learn(QUICK)
  process.send?.({ result })
  await engine.close()
  await compute.stop()
  process.disconnect?.()
}

const [library] = process.argv.slice(2)
if (!library) throw new Error('expected a library')
void main(library)
