// Sends pending photos through compute: batches, a few in flight, so that decoding of one overlaps
// the backbone of another; suspects one at a time. Runs in the writer. What is left is in the
// catalogue, so it may be stopped or killed anywhere.
//
// [Note: suspects] Photos that were in work when compute died may have killed it. Each is tried
// again alone; when compute dies again and again while it alone is in work, it fails (decision.ts
// says after how often). The second time comes when all else is done: deaths from outside hit other
// photos then, and one success clears a photo.
import type { Task } from '../../catalogue/work-table.ts'
import { Fault, isFault } from '../../wire/fault.ts'
import type { FaultRecord } from '../../wire/fault.ts'
import { pathOf } from '../photo-paths.ts'
import type { Processed, Session } from '../lines/compute-session.ts'
import type { Context } from '../context.ts'
import { unknownOf } from '../faults/disk.ts'
import { BARREN_DEATHS, LOOKS, MOST_ATTEMPTS, decide } from '../faults/decision.ts'
import { contentHash } from '../folders/content-hash.ts'
import { keepOutcomes, keepTwin } from './outcomes.ts'
import { createStreaks } from './streaks.ts'

/** Photos of a call, and calls in flight. */
const BATCH = 32
const IN_FLIGHT = 3

export interface Planner {
  /** True when there is a photo that can be processed now. */
  hasNext(): boolean
  /**
   * Processes all that is pending and can be done now; resolves when none is left or the signal
   * aborts (what is in flight is finished). Rejects with the Fault that stops all of it.
   */
  run(signal: AbortSignal): Promise<void>
  /** When a photo or folder that waits is to be tried, ms since 1970. */
  nextAt(): number | undefined
  /** Files were looked at again: those that were missing may be tried. */
  scanned(): void
}

/** Makes the planner. `stop` ends even what is in flight; abort the signal of `run` with it. */
export function createPlanner(context: Context, stop: AbortSignal): Planner {
  const { catalogue, link } = context
  const inWork = new Set<number>()
  const streaks = createStreaks()
  const untold = new Map<number, number>() // lonely deaths, by photo
  let barren = 0
  let lastDead: Session | undefined

  function free(tasks: readonly Task[]): Task[] {
    return tasks.filter((task) => !inWork.has(task.id))
  }

  /**
   * What comes next: a suspect, a batch, what was waited for, a photo of a folder that waits, at
   * last the photos that compute has died of alone.
   */
  function choose(): { tasks: Task[]; alone: boolean } {
    const suspect = catalogue.work.suspect(0)
    if (suspect) return { tasks: [suspect], alone: true }
    const now = Date.now()
    const most = BATCH + inWork.size
    const ready = free(catalogue.work.pending(most))
    const batch = ready.length > 0 ? ready : free(catalogue.waits.due(now, most))
    // After a stop one photo shows whether all can go on.
    const alone = context.stopper.isTrying
    if (batch.length > 0) return { tasks: batch.slice(0, alone ? 1 : BATCH), alone }
    const probe = catalogue.waits.probe(now)
    if (probe) return { tasks: [probe], alone: true }
    const likely = catalogue.work.suspect(MOST_ATTEMPTS['photo-alone'])
    return { tasks: likely ? [likely] : [], alone: true }
  }

  /** Takes out the photos whose content is known already. */
  async function withoutTwins(tasks: readonly Task[]): Promise<Task[]> {
    const rest: Task[] = []
    for (const task of tasks) {
      const hash = catalogue.vectors.maybeTwin(task.id, task.size)
        ? await contentHash(pathOf(task), stop, false).catch(unknownOf) // compute tells why
        : undefined
      const twin = hash && catalogue.vectors.twin(hash, context.reader.backbone())
      if (twin) keepTwin(context, task, twin, streaks)
      else rest.push(task)
    }
    return rest
  }

  async function process(tasks: readonly Task[], session: Session): Promise<void> {
    let processed: Processed
    try {
      processed = await session.process(tasks, context.thumbnails, stop)
    } catch (error) {
      if (!isFault(error, 'process-lost')) throw error
      if (stop.aborted) return // the engine closes: no photo is to blame
      blame(tasks, session, error.record)
      return
    }
    barren = 0
    await context.aside.over(stop)
    const fault = await keepOutcomes(context, session, tasks, processed, streaks)
    if (fault) throw new Fault(fault)
  }

  /** Compute died with these photos in work. */
  function blame(tasks: readonly Task[], session: Session, lost: FaultRecord): void {
    const [only] = tasks
    if (only && tasks.length === 1 && session.active === 1) return blameOnly(only, session, lost)
    if (session !== lastDead) barren++
    lastDead = session
    const every = barren >= BARREN_DEATHS
    catalogue.transaction(() => {
      for (const { id } of tasks) if (every || session.hasBegun(id)) catalogue.work.markSuspect(id)
    })
  }

  function blameOnly(task: Task, session: Session, lost: FaultRecord): void {
    const isTold = session.hasBegun(task.id)
    const attempts = isTold ? catalogue.work.soloKill(task.id) : countUntold(task.id)
    const work = isTold ? 'photo-alone' : 'photo-alone-untold'
    if (decide(lost, { attempts, work }).course !== 'fail') return
    const [expected, received] = ['a photo that can be processed', 'the end of compute, each time']
    const fault = new Fault({ kind: 'ends-process', subject: task.name, expected, received })
    const isFailed = catalogue.transaction(() => {
      if (!catalogue.work.fail(task, fault.record)) return false
      catalogue.vectors.drop(task.id)
      return true
    })
    if (!isFailed) return
    context.reader.changed([task.id])
    if (catalogue.companions.any(task.id)) context.onMoved(task)
    context.onKept({ indexed: 0, failed: 1 })
  }

  function countUntold(id: number): number {
    const deaths = (untold.get(id) ?? 0) + 1
    untold.set(id, deaths)
    return deaths
  }

  async function run(signal: AbortSignal): Promise<void> {
    const calls = new Set<Promise<void>>()
    let failure: { error: unknown } | undefined

    function start(tasks: readonly Task[], session: Session): void {
      for (const task of tasks) inWork.add(task.id)
      const call = process(tasks, session)
        .catch((error: unknown) => void (failure ??= { error }))
        .finally(() => {
          for (const task of tasks) inWork.delete(task.id)
          calls.delete(call)
        })
      calls.add(call)
    }

    while (!signal.aborted && !failure) {
      await context.aside.over(signal)
      const { tasks, alone } = choose()
      const mayStart = calls.size < (alone ? 1 : IN_FLIGHT)
      if (calls.size > 0 && (tasks.length === 0 || !mayStart)) {
        await Promise.race(calls)
        continue
      }
      if (tasks.length === 0) break
      try {
        await link.session(signal) // the backbone is known then
        const rest = await withoutTwins(tasks)
        // Files were read for that, which can take longer than compute waits for a call.
        if (rest.length > 0) start(rest, await link.session(signal))
      } catch (error) {
        if (!signal.aborted) failure ??= { error }
      }
    }
    await Promise.all(calls)
    if (failure) throw failure.error
  }

  return {
    hasNext: () => choose().tasks.length > 0,
    run,
    nextAt: () => catalogue.waits.next(),
    scanned: () => catalogue.waits.releaseKind('not-found', LOOKS)
  }
}
