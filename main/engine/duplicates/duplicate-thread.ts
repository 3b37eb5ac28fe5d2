// A thread of the engine that finds duplicates and ends: in a large library that takes seconds, in
// which the reader goes on answering. It reads the catalogue by a connection of its own.
import { constants, getPriority, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import * as v from 'valibot'
import { connectCatalogue } from '../../catalogue/catalogue.ts'
import { Bug, cancelled, isFault } from '../../wire/fault.ts'
import { duplicatesOf } from './duplicate-groups.ts'
import { buffersOf, packed } from './packed-groups.ts'

const Given = v.object({
  library: v.string(),
  model: v.nullable(v.number()), // that serves
  backbone: v.string(),
  stop: v.instance(Int32Array) // [1], shared: 1 once nobody waits for it any more
})

/** So often it is told how far it is, ms. */
const TELL_EVERY = 200

if (!parentPort) throw new Bug('duplicates are found in a worker')
const port = parentPort
// As in writer-thread.ts: only Linux has a priority for each thread.
if (process.platform === 'linux')
  setPriority(0, Math.max(getPriority(0), constants.priority.PRIORITY_BELOW_NORMAL))

const { library, model, backbone, stop } = v.parse(Given, workerData)
let toldAt = -Infinity
function tell(done: number): void {
  if (Atomics.load(stop, 0) === 1) throw cancelled('findDuplicates')
  const now = performance.now()
  if (now - toldAt < TELL_EVERY) return
  toldAt = now
  port.postMessage({ type: 'progress', done })
}

const catalogue = connectCatalogue(library, 'read')
try {
  const serving = model === null ? undefined : { id: model, record: catalogue.models.record(model) }
  const described = { serving: () => serving, backbone: () => backbone }
  const found = packed(duplicatesOf(catalogue, described, {}, tell))
  port.postMessage({ type: 'found', found }, buffersOf(found))
} catch (error) {
  if (!isFault(error)) throw error
  port.postMessage({ type: 'fault', fault: error.record })
} finally {
  catalogue.close()
}
