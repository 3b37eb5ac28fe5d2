// Drives a run of indexing from the first pending photo to rest: photos through compute, quantizers
// when they are due, encodings that are missing. Runs in the writer. Pausing ends a run early.
import { faultOf, isFault } from '../../wire/fault.ts'
import type { RunReport } from '../../wire/writer-contract.ts'
import type { Context } from '../context.ts'
import { isOfFit } from '../faults/decision.ts'
import { guarded } from '../faults/guarded.ts'
import { averageAll } from './average-photos.ts'
import { encodeAll } from './encode-photos.ts'
import type { Comparer } from './compare-photos.ts'
import type { Background } from './date-photos.ts'
import type { Planner } from './planner.ts'
import type { ProgressMeter } from './progress-meter.ts'

/** The longest that a timer of Node waits, ms, and the least that is worth one. */
const LONGEST = 2 ** 31 - 1
const LEAST = 50

/** Fits quantizers when they are due. */
export interface Fits {
  /** Is a fit due with so many indexed photos? `ended`: the run has nothing else to do. */
  isDue(indexed: number, ended: boolean): boolean
  /** Fits one and lets it serve. Rejects with a Fault. */
  run(signal: AbortSignal): Promise<void>
}

export interface IndexerParts {
  context: Context
  planner: Planner
  dater: Background
  judge: Background
  comparer: Comparer
  fitter: Fits
  meter: ProgressMeter
  /** True while folders are looked through: more photos may come. */
  scanning(): boolean
  /** A run has ended, and none follows at once. */
  onRest(): void
}

export interface Indexer {
  readonly running: boolean
  readonly report: RunReport
  /** What is reported begins anew, unless a run is on. */
  forgetReport(): void
  /** There may be something to do, or a scan has ended. */
  wake(): void
  /** What waits in memory alone may be tried now. */
  tryNow(): void
  /** Photos were dealt with. */
  count(indexed: number, failed: number): void
  /** Rests (what is in flight is finished) or goes on. */
  rest(resting: boolean): void
  /** Ends the run; resolves when nothing runs any more. */
  close(): Promise<void>
}

/** Makes the indexer, at rest or not. */
export function createIndexer(parts: IndexerParts, atRest: boolean): Indexer {
  const { context, planner, dater, judge, comparer, fitter, meter } = parts
  const { catalogue, link, reader, stopper } = context
  let resting = atRest
  let closed = false
  let controller = new AbortController()
  let running: Promise<void> | undefined
  let fitting: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let report = emptyReport()
  let indexed = catalogue.work.counts().indexed
  let complete = '' // the model, and what was written, when every photo had its encoding
  let awake: () => void = () => undefined

  /** Called by events and timers: a catalogue that cannot be read is told, too. */
  const wake = guarded(stumble, () => {
    awake()
    if (resting || closed || running || stopper.current) return sleep()
    if (!hasWork()) {
      stopper.worked()
      return sleep()
    }
    running = drive().finally(() => {
      running = undefined
      wake() // something may have come in the last moment
      if (!running && !closed) parts.onRest()
    })
  })

  /** Until the next photo that waits is to be tried. */
  function sleep(): void {
    clearTimeout(timer)
    if (resting || closed || running || stopper.current) return
    const at = Math.min(...[planner, dater, judge].map((one) => one.nextAt() ?? Infinity))
    if (at === Infinity) return
    timer = setTimeout(wake, Math.min(LONGEST, Math.max(LEAST, at - Date.now())))
  }

  function hasWork(): boolean {
    const isAllKnown = !planner.hasNext() && !dater.hasNext() && !isUnencoded()
    const isCompared = !isUnaveraged() && !comparer.hasNext()
    return !isAllKnown || !isCompared || judge.hasNext() || fitter.isDue(indexed, true)
  }

  function isUnaveraged(): boolean {
    const model = reader.serving()
    return model !== undefined && catalogue.vectors.unaveraged(model.id, 0, 1).length > 0
  }

  function isUnencoded(): boolean {
    const model = reader.serving()
    if (!model) return false
    // Looking for one takes a second in a million: not again before anything was written.
    const now = `${model.id} ${catalogue.changes()}`
    if (complete === now) return false
    const { backbone } = model.record
    if (catalogue.vectors.undescribed(backbone, 0, 1).length > 0) return true
    if (catalogue.vectors.anyUnencoded(model.id, backbone)) return true
    complete = now
    return false
  }

  async function drive(): Promise<void> {
    const { signal } = controller
    const started = performance.now()
    report = emptyReport()
    meter.begin()
    await busyMilliseconds()
    try {
      indexed = catalogue.work.counts().indexed
      while (!signal.aborted && !stopper.current) if (await step(signal)) break
    } catch (error) {
      if (!signal.aborted) stumble(error)
    } finally {
      await fitting
      meter.set({ indexing: false })
    }
    report.seconds = (performance.now() - started) / 1000
    report.photosPerSecond = (report.indexed + report.failed) / report.seconds
    report.computeBusy = Math.min(1, (await busyMilliseconds()) / (report.seconds * 1000))
  }

  /** Does what can be done now; true when nothing is left. */
  async function step(signal: AbortSignal): Promise<boolean> {
    await context.aside.over(signal)
    if (planner.hasNext()) {
      meter.set({ indexing: true })
      await planner.run(signal)
      meter.set({ indexing: false })
      return false
    }
    if (dater.hasNext()) {
      await dater.step(signal)
      return false
    }
    const model = reader.serving()
    if (model && isUnencoded()) {
      await encodeAll(context, model, signal)
      // Photos that came back: they left before this backbone described the others.
      if (catalogue.vectors.requeueUndescribed(model.record.backbone) > 0) return false
    }
    if (model && isUnaveraged()) await averageAll(context, model, signal)
    const woken = new Promise<void>((resolve) => (awake = resolve))
    if (!parts.scanning() && !fitting) startFit(signal, true)
    if (!fitting && comparer.hasNext()) {
      await comparer.step(signal)
      return false
    }
    if (judge.hasNext()) {
      await judgeOn(signal)
      return false
    }
    if (!parts.scanning() && !fitting) return true
    await Promise.race([woken, aborted(signal), ...(fitting ? [fitting] : [])])
    return false
  }

  /** Until there is something more pressing. */
  async function judgeOn(signal: AbortSignal): Promise<void> {
    while (judge.hasNext() && !planner.hasNext() && !dater.hasNext() && !signal.aborted) {
      await context.aside.over(signal)
      await judge.step(signal)
    }
  }

  /** Starts a fit if one is due; it runs beside the rest. */
  function startFit(signal: AbortSignal, ended: boolean): void {
    if (fitting || signal.aborted || !fitter.isDue(indexed, ended)) return
    indexed = catalogue.work.counts().indexed // some were described again, and counted twice
    if (!fitter.isDue(indexed, ended)) return
    fitting = fitter
      .run(signal)
      .catch((error: unknown) => {
        if (signal.aborted) return
        if (isFault(error) && !isOfFit(error)) stopper.stop(error.record)
        // It is tried again, a few times; a death of compute is told by whoever restarts it.
        else if (!isFault(error, 'process-lost')) console.error(error)
      })
      .finally(() => (fitting = undefined))
  }

  function stumble(error: unknown): void {
    if (!isFault(error)) console.error(error)
    stopper.stop(faultOf(error, 'indexing').record)
  }

  async function busyMilliseconds(): Promise<number> {
    const session = link.current()
    if (!session) return 0
    return session.call('usage', {}).then(
      (usage) => usage.busyMilliseconds,
      () => 0 // it died: what it did is not known
    )
  }

  return {
    get running() {
      return running !== undefined
    },
    forgetReport() {
      if (!running) report = emptyReport()
    },
    get report() {
      return report
    },
    wake,
    tryNow() {
      dater.tryNow()
      judge.tryNow()
      wake()
    },
    count(newlyIndexed, newlyFailed) {
      indexed += newlyIndexed
      report.indexed += newlyIndexed
      report.failed += newlyFailed
      meter.add(newlyIndexed, newlyFailed)
      if (newlyIndexed + newlyFailed > 0) stopper.worked()
      if (running) startFit(controller.signal, false)
    },
    rest(want) {
      if (want === resting) return
      resting = want
      meter.set({ paused: want })
      if (want) controller.abort()
      else {
        controller = new AbortController()
        wake()
      }
    },
    async close() {
      closed = true
      clearTimeout(timer)
      controller.abort()
      await running
    }
  }
}

function emptyReport(): RunReport {
  return { indexed: 0, failed: 0, seconds: 0, photosPerSecond: 0, computeBusy: 0 }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
