// When something is learned: the state of the run, what it waits for, what starts, holds and ends
// it. Runs in the engine. The run itself is in learning-run.ts, and all that must outlive a kill is
// in the catalogue.
import type { RunRow } from '../../catalogue/run-table.ts'
import { Fault, cancelled, internal, isFault } from '../../wire/fault.ts'
import type { FaultKind } from '../../wire/fault.ts'
import type { Devices, LearnOptions, LearnResult, Learning } from '../../wire/learning-contract.ts'
import { FEWEST_TO_FIT } from '../../../model/retrieval.ts'
import type { Context } from '../context.ts'
import { hasOutgrown } from './fit-due.ts'
import type { Fitter } from './fitter.ts'
import type { ModelSwap } from './model-swap.ts'
import type { Tidying } from './tidying.ts'
import { missingModel } from '../../catalogue/model-table.ts'
import type { Learner } from './learner-api.ts'
import { compareModels } from './compare-models.ts'
import { createCounts } from './learned-counts.ts'
import type { Counted } from './learned-counts.ts'
import { createDeviceChoice } from './device-choice.ts'
import { deepSeconds, secondsAfter } from './estimate.ts'
import { isDue, newPhotosNeeded } from './due.ts'
import { otherBits, tooFew } from './faults.ts'
import { createLearningMeter } from './learning-meter.ts'
import type { Surroundings } from './learning-meter.ts'
import { keptModels } from './kept-models.ts'
import { carryOut, serveKept } from './learning-run.ts'
import { isProven } from './run-parts.ts'

/** After a fault a run is tried again, ms: later after each, but once an hour for ever. */
const TRY_AGAIN = 30_000
const LATEST = 3600_000
/**
 * Faults that pass: a drive that is away, a device, a process that dies. The run waits for that and
 * loses nothing, unless so many photos came meanwhile that another would be due. After others, so
 * many in a row, what is kept of the run may be what fails: it is dropped, its photos are as new as
 * before, and the next try is another run.
 */
const PASSING: readonly FaultKind[] = ['unreadable', 'device', 'process-lost']
const MOST_FAILURES = 6

export interface LearnerParts {
  context: Context
  fitter: Fitter
  swap: ModelSwap
  tidying: Tidying
  /** True while indexing has nothing to do. */
  isIdle(): boolean
  /** Starts such runs by itself when they are due. */
  learns?: LearnOptions
  readOnly: boolean
  /** Another model may serve. */
  onServing(): void
}

interface Waiter {
  resolve(result: LearnResult): void
  reject(error: unknown): void
}

/** Makes the learner of a library. */
export function createLearner(parts: LearnerParts): Learner {
  const { context, fitter, swap, tidying } = parts
  const { catalogue, link } = context
  const devices = createDeviceChoice(catalogue)
  const meter = createLearningMeter(surroundings, Date.now, (phase, { depth, photos }, sample) =>
    secondsAfter(phase, { depth, photos, sample }, devices)
  )
  const waiters = new Set<Waiter>()
  let run: RunRow | undefined = catalogue.runs.unfinished()
  let active: { controller: AbortController; ended: Promise<void>; since: number } | undefined
  let turn: Promise<unknown> = Promise.resolve() // commands, one after the other
  let paused = catalogue.settings.learningPaused()
  let onBattery = false
  let evenOnBattery = false // asked for on battery; until the next mains power
  const counts = createCounts(catalogue)
  let trouble: Fault | undefined
  let failures = 0
  let retry: NodeJS.Timeout | undefined
  let closed = false
  let commands = 0
  let tried = false // to measure: what fails is not tried again in this life
  let measuring: AbortController | undefined
  let goingBack: AbortController | undefined // to another model

  function waitsForPower(): boolean {
    return onBattery && !evenOnBattery
  }

  /** What a run that is wanted waits for; undefined: nothing. */
  function obstacle(): Learning['waitsFor'] | 'trouble' | undefined {
    if (waitsForPower()) return 'mains-power'
    if (!parts.isIdle()) return 'indexing'
    if (!link.current()) return 'compute'
    return trouble ? 'trouble' : undefined
  }

  function isWanted({ indexed, fresh, until }: Counted): boolean {
    if (parts.readOnly || closed) return false
    if (run) return parts.learns !== undefined || waiters.size > 0
    return parts.learns !== undefined && isDue(indexed, fresh, until)
  }

  function surroundings(): Surroundings {
    const { indexed, fresh, until } = counts.recent()
    const wanted = isWanted(counts.recent())
    const waits = wanted ? obstacle() : undefined
    const learns = !wanted ? 'off' : paused ? 'paused' : waits ? 'waiting' : 'running'
    const state = goingBack ? 'returning' : learns
    return {
      state,
      halted: paused,
      waitsFor: state === 'waiting' && waits !== 'trouble' ? (waits ?? null) : null,
      depth: run?.options.depth ?? 'head',
      device: active && run ? devices.providerFor(run.options) : null,
      photos: indexed,
      photosNeeded: FEWEST_TO_FIT,
      newPhotos: fresh,
      newPhotosNeeded: newPhotosNeeded(until),
      deepSeconds: deepSeconds(indexed, devices),
      last: catalogue.runs.lastEnded()?.result ?? null,
      trouble: trouble?.record ?? null
    }
  }

  /** Starts, holds or leaves alone, as things are now. */
  function update(): void {
    meter.tell()
    const held = paused || waitsForPower()
    if (active && held) active.controller.abort()
    if (active || closed || commands > 0) return
    const session = link.current()
    if (parts.learns && !tried && session && parts.isIdle() && devices.isStale(session)) {
      tried = true
      void inTurn(measure).catch((error: unknown) => {
        if (!isFault(error, 'process-lost', 'cancelled')) console.error(error)
      })
    } else if (!held && obstacle() === undefined && isWanted(counts.now())) start()
  }

  async function measure(): Promise<Devices> {
    await hold()
    measuring = new AbortController()
    try {
      const session = await link.session(measuring.signal)
      return await devices.measure(session, measuring.signal)
    } finally {
      measuring = undefined
    }
  }

  function start(): void {
    const mine = run ?? catalogue.runs.start(parts.learns ?? { depth: 'head' }, Date.now())
    run = mine
    const controller = new AbortController()
    const since = performance.now()
    const ended = carryOut(
      {
        context,
        fitter,
        swap,
        tidying,
        meter,
        devices,
        seconds: () => mine.seconds + (performance.now() - since) / 1000
      },
      mine,
      controller.signal
    )
      .then(finish, (error: unknown) => stumble(error, controller.signal))
      .finally(() => {
        active = undefined
        if (run) catalogue.runs.addSeconds(run.id, (performance.now() - since) / 1000)
        run = catalogue.runs.unfinished()
        meter.rest()
        update()
      })
    active = { controller, ended, since }
    meter.tell()
  }

  function finish(result: LearnResult): void {
    end(result)
    parts.onServing()
    for (const waiter of waiters) waiter.resolve(result)
    waiters.clear()
  }

  /** The run is over; what was there when it began is not new any more. */
  function end(result: LearnResult): void {
    if (!run) return
    const { id } = run
    catalogue.transaction(() => {
      catalogue.runs.end(id, result, Date.now())
      settle()
    })
    run = undefined
    failures = 0
    trouble = undefined
  }

  /** What was there when the run began was learned from, or declined. */
  function settle(): void {
    if (!run) return
    const { startedAt: at } = run
    const photos = catalogue.work.counts().indexed - catalogue.vectors.madeSince(at)
    catalogue.settings.setLearnedUntil({ at, photos })
  }

  /** Ends the run without a result. What it has trained goes; what it has proven is only kept. */
  async function drop(): Promise<void> {
    const last = catalogue.runs.unfinished()
    run = undefined
    if (!last) return
    catalogue.transaction(() => {
      if (last.model && isProven(last.outcome)) catalogue.models.retireCandidate(last.model)
      else if (last.model) catalogue.models.erase(last.model)
      catalogue.runs.end(last.id, null, Date.now())
    })
    if (last.options.depth === 'deep') await tidying.tidy()
  }

  /** Photos that came since the run began would start another one. */
  function isOvertaken(): boolean {
    if (!run) return false
    const { indexed } = catalogue.work.counts()
    const fresh = catalogue.vectors.madeSince(run.startedAt)
    return isDue(indexed, fresh, { at: run.startedAt, photos: indexed - fresh })
  }

  function stumble(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return
    if (!isFault(error)) console.error(error)
    failures++
    const passes = isFault(error, ...PASSING) && !isOvertaken()
    if (failures >= MOST_FAILURES && !passes)
      void inTurn(drop).catch((problem: unknown) => console.error(problem))
    retry = setTimeout(recover, Math.min(LATEST, TRY_AGAIN * 2 ** (failures - 1)))
    trouble = isFault(error) ? error : internal('learning', error)
    for (const waiter of waiters) waiter.reject(error)
    waiters.clear()
  }

  function recover(): void {
    clearTimeout(retry)
    trouble = undefined
    update()
  }

  /** Holds the run until it rests. */
  async function hold(): Promise<void> {
    active?.controller.abort()
    await active?.ended
  }

  async function giveUp(): Promise<void> {
    await hold()
    if (run) {
      settle()
      await drop()
      failures = 0
      recover()
    }
    for (const waiter of waiters) waiter.reject(cancelled('learning'))
    waiters.clear()
  }

  /** One command after the other; no run starts while there are any. */
  function inTurn<T>(command: () => Promise<T>): Promise<T> {
    commands++
    const mine = turn.then(command).finally(() => {
      commands--
      update()
    })
    turn = mine.catch(() => undefined)
    return mine
  }

  function learn(options: LearnOptions): Promise<LearnResult> {
    const indexed = catalogue.work.counts().indexed
    if (indexed < FEWEST_TO_FIT) return Promise.reject(tooFew(indexed))
    const bits = bitsToKeep(options)
    if (bits !== undefined && bits !== options.bits)
      return Promise.reject(otherBits(bits, options.bits ?? bits))
    return new Promise((resolve, reject) => {
      void inTurn(async () => {
        if (run && JSON.stringify(run.options) !== JSON.stringify(options)) await giveUp()
        run ??= catalogue.runs.start(options, Date.now())
        meter.clearCurve()
        waiters.add({ resolve, reject })
        evenOnBattery = onBattery
        setPaused(false)
        clearTimeout(retry)
        trouble = undefined
      }).catch(reject)
    })
  }

  /** Deep training keeps the length of the codes; undefined where any may be learned. */
  function bitsToKeep({ depth, bits }: LearnOptions): number | undefined {
    const { M, K } = context.reader.serving()?.row ?? { M: 0, K: 2 }
    return depth === 'deep' && bits !== undefined && M > 0 ? M * Math.log2(K) : undefined
  }

  function setPaused(value: boolean): void {
    paused = value
    catalogue.settings.setLearningPaused(value)
    update()
  }

  /** The run that is under way is held meanwhile, and given up once the other model serves. */
  async function rollback(id: number): Promise<void> {
    if (!catalogue.models.get(id)) throw missingModel(id)
    const controller = new AbortController()
    goingBack = controller
    try {
      await hold()
      if (closed) controller.abort()
      await serveKept({ context, swap, meter, devices }, id, false, controller.signal)
    } catch (error) {
      throw controller.signal.aborted ? cancelled('rollback') : error
    } finally {
      goingBack = undefined
      meter.rest()
    }
    await giveUp()
    // What is there now was declined: nothing is learned by itself until there is more.
    const photos = catalogue.work.counts().indexed
    catalogue.settings.setLearnedUntil({ at: Date.now(), photos })
    parts.onServing()
  }

  update()
  return {
    wake: update,
    tell: () => meter.tell(),
    snapshot: () => meter.snapshot(),
    on: (listener) => meter.on(listener),
    learn,
    cancel() {
      if (goingBack) goingBack.abort()
      else void inTurn(giveUp)
    },
    pause: () => setPaused(true),
    resume: () => setPaused(false),
    power(battery) {
      onBattery = battery
      if (!battery) evenOnBattery = false
      update()
    },
    models: () => keptModels(catalogue),
    rollback: (id) => inTurn(() => rollback(id)),
    compare: (photos, top) => compareModels(context, photos, top),
    devices: () => devices.devices(),
    measureDevices: () => inTurn(measure),
    prepare: (session) => devices.apply(session),
    holdsModels(indexed) {
      const chosen = catalogue.runs.unfinished()?.base // since `run` was read
      const base = chosen ? catalogue.models.get(chosen) : undefined
      if (base?.backbone !== context.reader.backbone()) return false
      return !hasOutgrown(indexed, base.fittedOn, false)
    },
    async close() {
      closed = true
      clearTimeout(retry)
      measuring?.abort()
      goingBack?.abort()
      await hold()
      await turn
      for (const waiter of waiters) waiter.reject(cancelled('learning'))
      waiters.clear()
      meter.close()
    }
  }
}
