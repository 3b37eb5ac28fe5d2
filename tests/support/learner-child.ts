// A process that holds an engine and its compute, learns by itself and tells what is told of
// learning: for tests that kill it. `node learner-child.ts <library>`.
import { createEngine } from '../../main/engine/engine.ts'
import { superviseCompute } from './compute.ts'
import { QUICK } from './learning.ts'

async function main(library: string): Promise<void> {
  const engine = await createEngine({ library, watch: false, settle: 0, learns: QUICK })
  await superviseCompute((port) => engine.attachCompute(port))
  engine.learner.on((learning) => process.send?.({ learning }))
  process.send?.({ learning: await engine.learner.snapshot() })
}

const [library] = process.argv.slice(2)
if (!library) throw new Error('expected a library')
void main(library)
