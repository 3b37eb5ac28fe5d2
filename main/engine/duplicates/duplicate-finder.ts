// Has duplicates found in a thread, one finding at a time, and keeps the last one until the library
// changed. Runs in the reader; it reads no photo itself.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import * as v from 'valibot'
import { Fault, FaultRecord, cancelled, isFault } from '../../wire/fault.ts'
import { STEPS } from './duplicate-groups.ts'
import type { Serving } from './shots.ts'
import { PackedDuplicates } from './packed-groups.ts'

const Told = v.variant('type', [
  v.object({ type: v.literal('progress'), done: v.number() }),
  v.object({ type: v.literal('found'), found: PackedDuplicates }),
  v.object({ type: v.literal('fault'), fault: FaultRecord })
])

/** What was found, at one revision of the library. */
export interface Finding extends PackedDuplicates {
  id: number
}

export interface DuplicateFinder {
  /**
   * What is there more than once now; found anew where the library changed. Rejects with a Fault:
   * cancelled when another finding takes its place.
   */
  find(): Promise<Finding>
  /** A finding that is still kept. Throws Fault not-found. */
  kept(id: number): Finding
  close(): Promise<void>
}

interface FinderParts {
  library: string // its folder
  serving: Serving
  /** The revision of what is found now. */
  revision(): number
  tell(progress: { done: number; total: number }): void
  onDamage(fault: Fault): void
}

interface Running {
  revision: number
  found: Promise<Finding>
  stop(): Promise<void>
}

/** Findings that are kept: the page may ask for groups of the one before. */
const KEPT = 2

/** Makes the finder; nothing is read before it is asked for. */
export function createDuplicateFinder(parts: FinderParts): DuplicateFinder {
  const kept = new Map<number, Finding>()
  let running: Running | undefined
  let last: { revision: number; finding: Finding } | undefined
  let number = 0

  async function find(): Promise<Finding> {
    const revision = parts.revision()
    if (last?.revision === revision) return last.finding
    if (running?.revision === revision) return running.found
    const former = running?.stop()
    const { found, stop } = start(parts, former ?? Promise.resolve())
    const mine: Running = {
      revision,
      stop,
      found: found.then((packed) => {
        const finding = { id: ++number, ...packed }
        kept.set(finding.id, finding)
        for (const oldest of [...kept.keys()].slice(0, -KEPT)) kept.delete(oldest)
        last = { revision, finding }
        return finding
      })
    }
    running = mine
    try {
      return await mine.found
    } catch (error) {
      if (isFault(error, 'library-damaged')) parts.onDamage(error)
      throw error
    } finally {
      if (running === mine) running = undefined
    }
  }

  return {
    find,
    kept(id) {
      const finding = kept.get(id)
      if (finding) return finding
      const [subject, expected] = [`finding ${id}`, 'one of the last findings']
      throw new Fault({ kind: 'not-found', about: 'library', subject, expected, received: 'none' })
    },
    close: async () => running?.stop()
  }
}

/** Starts a thread once the former one has ended. */
function start(
  { library, serving, tell }: FinderParts,
  former: Promise<void>
): { found: Promise<PackedDuplicates>; stop(): Promise<void> } {
  const stop = new Int32Array(new SharedArrayBuffer(4))

  async function found(): Promise<PackedDuplicates> {
    await former
    if (Atomics.load(stop, 0) === 1) throw cancelled('findDuplicates')
    const model = serving.serving()?.id ?? null
    const worker = new Worker(threadFile(), {
      workerData: { library, model, backbone: serving.backbone(), stop }
    })
    let result: PackedDuplicates | Fault = cancelled('findDuplicates')
    worker.on('message', (message: unknown) => {
      const told = v.parse(Told, message)
      if (told.type === 'progress') tell({ done: told.done, total: STEPS.bursts })
      else result = told.type === 'found' ? told.found : new Fault(told.fault)
    })
    await once(worker, 'exit') // an error of the thread rejects
    if (result instanceof Fault) throw result
    return result
  }

  const work = found()
  return {
    found: work,
    async stop() {
      // It is asked, and never cut off: see start-writer.ts.
      Atomics.store(stop, 0, 1)
      await work.catch(() => undefined)
    }
  }
}

/** Beside this file: TypeScript when run from source, JavaScript in the bundle. */
function threadFile(): URL {
  const here = import.meta.url
  const name = here.endsWith('.ts') ? 'duplicate-thread-from-source.mjs' : 'duplicate-thread.js'
  return new URL(name, here)
}
