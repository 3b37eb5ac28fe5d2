// Has the map made, and photos that came placed on it: in a thread, when nothing else is to be
// done, one work at a time. Runs in the reader; it reads no photo itself.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import * as v from 'valibot'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Client } from '../../wire/channel.ts'
import { Fault, cancelled, faultOf } from '../../wire/fault.ts'
import type { MapState } from '../../wire/map-messages.ts'
import type { StepAside } from '../../wire/step-aside.ts'
import type { WriterContract } from '../../wire/writer-contract.ts'
import { dueOf } from './map-due.ts'
import type { DescribedBy } from './map-due.ts'
import { ASIDE, MapTold, STOP } from './map-work.ts'
import type { MapWork } from './map-work.ts'

interface MakerParts {
  library: string // its folder
  catalogue: Catalogue
  writer: Client<WriterContract>
  aside: StepAside
  /** By what photos are described now. */
  by(): DescribedBy
  /** Nothing is indexed or learned now, and the power is no battery's. */
  isIdle(): boolean
  tell(state: MapState): void
  /** Places were kept. */
  onKept(): void
  onDamage(fault: Fault): void
  /** What runs as the thread; left out, map-thread.ts. */
  thread?: URL
  /** In place of BEFORE_A_LOOK. */
  beforeALook?: number
}

export interface MapMaker {
  readonly state: MapState
  /** Something changed: what is due is done once the library has rested. */
  changed(): void
  /** Somebody looks at the map: what is due is done now, whatever else is done. */
  want(): void
  close(): Promise<void>
}

/** So long nothing changed before what is due is done, ms, once somebody has looked at the map. */
const AFTER_A_LOOK = 3000
/**
 * The same before that: an app that was just opened answers first, and whoever never looks at the
 * map while it is open for a moment pays nothing for it.
 */
const BEFORE_A_LOOK = 60_000
/** So often the thread is told whether somebody acts, ms. */
const LOOK_EVERY = 40

/** Makes the maker; nothing is done before it is told of something. */
export function createMapMaker(parts: MakerParts): MapMaker {
  const control = new Int32Array(new SharedArrayBuffer(8))
  let state: MapState | undefined
  let running: Promise<void> | undefined
  let isStale = false
  let isLookedAt = false
  let timer: NodeJS.Timeout | undefined
  /** Ends a thread that only computes: umap-js begins without a pause, for a second or more. */
  let cutOff: (() => void) | undefined

  function show(next: MapState): void {
    state = next
    parts.tell(next)
  }

  function stateNow(): MapState {
    const { work } = dueOf(parts.catalogue, parts.by())
    return work === 'wait' ? { state: 'waiting' } : { state: 'made' }
  }

  function isDue(): boolean {
    const { work } = dueOf(parts.catalogue, parts.by())
    return work === 'lay-out' || work === 'place'
  }

  function start(): void {
    clearTimeout(timer)
    isStale = true
    running ??= runWhileStale().finally(() => {
      running = undefined
      if (isStale && Atomics.load(control, STOP) === 0) start() // asked for at the very end
    })
  }

  async function runWhileStale(): Promise<void> {
    try {
      while (isStale && Atomics.load(control, STOP) === 0) {
        isStale = false
        if (!isDue()) break
        show({ state: 'making', share: 0 })
        await run()
      }
      show(stateNow())
    } catch (error) {
      // An error of ours ends no more than the map: an engine that ends with it would end with it
      // at each start.
      if (!(error instanceof Fault)) console.error(error)
      const fault = faultOf(error, 'map')
      if (fault.kind === 'library-damaged') parts.onDamage(fault)
      if (fault.kind !== 'cancelled') show({ state: 'failed', fault: fault.record })
    }
  }

  async function run(): Promise<void> {
    const given: MapWork = { library: parts.library, control, ...parts.by() }
    const worker = new Worker(parts.thread ?? threadFile(), { workerData: given })
    const look = setInterval(() => {
      Atomics.store(control, ASIDE, parts.aside.isOn ? 1 : 0)
      Atomics.notify(control, ASIDE)
    }, LOOK_EVERY)
    const results: MapTold[] = []
    worker.on('message', (message: unknown) => {
      const told = v.parse(MapTold, message)
      if (told.type === 'progress') show({ state: told.work, share: told.share })
      else if (told.type === 'read') {
        cutOff = () => void worker.terminate()
        if (Atomics.load(control, STOP) === 1) cutOff()
      } else results.push(told)
    })
    try {
      await once(worker, 'exit') // an error of the thread rejects
    } finally {
      clearInterval(look)
      cutOff = undefined
    }
    const [told] = results
    if (told?.type === 'fault') throw new Fault(told.fault)
    if (told?.type !== 'found') return
    await parts.aside.over()
    if (Atomics.load(control, STOP) === 1) throw cancelled('map')
    await parts.writer.call('keepMap', told.found)
    parts.onKept()
  }

  return {
    get state() {
      return state ?? stateNow()
    },
    changed() {
      clearTimeout(timer)
      timer = setTimeout(() => {
        if (parts.isIdle()) start()
      }, isLookedAt ? AFTER_A_LOOK : (parts.beforeALook ?? BEFORE_A_LOOK))
    },
    want() {
      isLookedAt = true
      if (!running && isDue()) start()
    },
    async close() {
      clearTimeout(timer)
      // As long as it reads it is asked, and never cut off: see writer/start-writer.ts.
      Atomics.store(control, STOP, 1)
      Atomics.notify(control, ASIDE)
      cutOff?.()
      await running
    }
  }
}

/** Beside this file: TypeScript when run from source, JavaScript in the bundle. */
function threadFile(): URL {
  const here = import.meta.url
  return new URL(here.endsWith('.ts') ? 'map-thread-from-source.mjs' : 'map-thread.js', here)
}
