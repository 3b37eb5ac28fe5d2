// A process that holds an engine and its compute, indexes a folder into a library and says what
// came of it, after a word when both are there and one when the first photos are done: for tests
// that kill it. `node engine-child.ts <library> <folder>`.
import { createEngine } from '../../main/engine/engine.ts'
import { superviseCompute } from './compute.ts'

async function main(library: string, folder: string): Promise<void> {
  const engine = await createEngine({ library, watch: false, settle: 0 })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  process.send?.({ both: 'are there' })
  const leave = engine.onProgress(({ done }) => {
    if (done === 0) return
    process.send?.({ first: 'photos' })
    leave()
  })
  await engine.addFolder(folder)
  const run = await engine.idle()
  process.send?.({ run, status: engine.status() })
  await engine.close()
  await compute.stop()
  process.disconnect?.()
}

const [library, folder] = process.argv.slice(2)
if (!library || !folder) throw new Error('expected a library and a folder')
void main(library, folder)
