// A process that holds an engine and its compute, learns in a library and says what came of it,
// telling its phases and steps: for tests that kill it. `node learn-child.ts <library>
// [<options as JSON>]`.
import * as v from 'valibot'
import { createEngine } from '../../main/engine/engine.ts'
import { LearnOptions } from '../../main/wire/learning-contract.ts'
import { superviseCompute } from './compute.ts'
import { QUICK } from './learning.ts'

async function main(library: string, options: LearnOptions): Promise<void> {
  const engine = await createEngine({ library, watch: false, settle: 0, learns: options })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  engine.learner.on(({ phase, curve }) =>
    process.send?.({ phase, steps: curve.map(({ step }) => step) })
  )
  const result = await engine.learner.learn(options)
  process.send?.({ result })
  await engine.close()
  await compute.stop()
  process.disconnect?.()
}

const [library, options] = process.argv.slice(2)
if (!library) throw new Error('expected a library')
void main(library, options ? v.parse(LearnOptions, JSON.parse(options)) : QUICK)
