// Learning as the engine offers it: commands go into the line of learner-machine.ts, and what its
// table says is carried out here. The work itself is in learner-work.ts, and all that must outlive
// a kill is in the catalogue. Runs in the writer.
import { missingModel } from '../../catalogue/model-table.ts'
import { Bug, cancelled, isFault } from '../../wire/fault.ts'
import type { Fault } from '../../wire/fault.ts'
import type { LearnOptions, LearnResult } from '../../wire/learning-contract.ts'
import { FEWEST_TO_FIT } from '../../../model/retrieval.ts'
import type { Context } from '../context.ts'
import { guarded } from '../faults/guarded.ts'
import { compareModels } from './compare-models.ts'
import { backboneFor, describedIn } from './describe-anew.ts'
import { createDeviceChoice } from '../runs/device-choice.ts'
import { secondsAfter } from '../runs/estimate.ts'
import { otherBits, tooFew } from '../runs/learning-faults.ts'
import type { Fitter } from '../models/fitter.ts'
import { Holds } from './holds.ts'
import { keptModels } from '../models/kept-models.ts'
import type { Learner } from './learner-api.ts'
import { LearnerMachine } from './learner-machine.ts'
import type { Occasion } from './learner-machine.ts'
import type { Effect, LearnerCommand, State } from './learner-table.ts'
import { createLearnerOutlook } from './learner-outlook.ts'
import { createLearnerWork } from './learner-work.ts'
import { createLearningMeter } from '../runs/learning-meter.ts'
import type { ModelSwap } from '../models/model-swap.ts'
import { Retries } from './retries.ts'
import { isOvertaken } from '../runs/run-records.ts'
import type { Tidying } from '../models/tidying.ts'
import { Waiters } from './waiters.ts'
import type { Caller } from './waiters.ts'

export interface LearnerParts {
  context: Context
  fitter: Fitter
  swap: ModelSwap
  tidying: Tidying
  /** True while indexing has nothing to do. */
  isIdle(): boolean
  /** Starts such runs by itself when they are due. */
  learns?: LearnOptions
  /** Another model may serve. */
  onServing(): void
}

/** A command, with whoever waits for what comes of it. */
type Asked =
  | { what: 'learn'; options: LearnOptions; caller: Caller<LearnResult> }
  | { what: 'go-back'; to: { model: number } | { backbone: string }; caller: Caller<void> }
  | { what: 'measure' | 'close'; caller: Caller<void> }
  | { what: 'cancel' | 'discard'; caller?: undefined }

/** Makes the learner of a library. */
export function createLearner(parts: LearnerParts): Learner {
  const { context } = parts
  const { catalogue, reader } = context
  const devices = createDeviceChoice(catalogue, (fault) => retries.note(fault))
  const holds = new Holds(catalogue.settings)
  const retries = new Retries({ settings: catalogue.settings, onTime: update })
  const waiters = new Waiters()
  const wait = (error: unknown): void => (tellStop(error), retries.wait(error))
  const readCommand = guarded(wait, commandOf)
  const machine = new LearnerMachine<Asked, LearnResult | void>({
    commandOf: (asked) => readCommand(asked) ?? asked.what,
    wish: guarded(wait, wish),
    carryOut
  })
  const isByItself = parts.learns !== undefined
  const { isIdle } = parts
  const shown = { context, devices, holds, retries, waiters, machine, isIdle, isByItself }
  const outlook = createLearnerOutlook(shown)
  const meter = createLearningMeter({
    surroundings: () => outlook.surroundings(),
    secondsAfter: (phase, { depth, photos }, sample) =>
      secondsAfter(phase, { depth, photos, sample }, devices),
    onFault: (fault) => console.error(fault)
  })
  const note = (fault: Fault | undefined): void => (tellStop(fault), retries.note(fault))
  const work = createLearnerWork({ ...parts, devices, meter, retries, note })
  let underWay: AbortController | undefined
  let isMeasured = false // or was tried: what fails is not tried again in this life

  /** What is wrong with the library's disk keeps more than this run from going on. */
  function tellStop(error: unknown): void {
    if (isFault(error) && error.record.about === 'library') context.stopper.stop(error.record)
  }

  /** What is asked for, as it stands now. */
  function commandOf(asked: Asked): LearnerCommand {
    if (asked.what !== 'learn') return asked.what
    const run = catalogue.runs.unfinished()
    const isOther = run && JSON.stringify(run.options) !== JSON.stringify(asked.options)
    return isOther ? 'replace' : 'learn'
  }

  function wish(state: State): 'go' | 'hold' | 'measure' | undefined {
    if (state === 'learning') return holds.isPaused || holds.waitsForPower ? 'hold' : undefined
    if (state !== 'resting') return undefined
    if (!isMeasured && outlook.mayMeasure()) return 'measure'
    return outlook.mayLearn() ? 'go' : undefined
  }

  /** Something changed: it is told, and what can be done now is begun. */
  function update(): void {
    meter.tell()
    machine.look()
  }

  function carryOut(effect: Effect, { command, end }: Occasion<Asked, LearnResult | void>): void {
    const error = end?.event === 'failed' ? end.error : cancelled('learning')
    const effects: Record<Effect, () => void> = {
      start: () => begin(work.learn),
      'give-up': () => begin(work.giveUp),
      discard: () => begin(work.discard),
      measure() {
        isMeasured = true
        begin(work.measure)
      },
      'go-back'() {
        if (command?.what !== 'go-back') throw new Bug('the way back is to a model')
        const { to } = command
        begin((signal) =>
          'model' in to ? work.goBack(to.model, signal) : work.describeAnew(to.backbone, signal)
        )
      },
      abort: () => underWay?.abort(),
      adopt: () => command?.what === 'learn' && adopt(command),
      reply: () => command && command.what !== 'learn' && command.caller?.resolve(),
      'turn-away'() {
        if (command) command.caller?.reject(error)
        else if (!isFault(error, 'process-lost', 'cancelled')) console.error(error)
      },
      answer: () => end?.event === 'done' && end.result && waiters.resolve(end.result),
      refuse: () => waiters.reject(error),
      count: guarded(wait, () => count(error)),
      retry: () => wait(error),
      release() {
        retries.close()
        meter.close()
        if (command?.what === 'close') command.caller.resolve()
      }
    }
    effects[effect]()
  }

  function begin(task: (signal: AbortSignal) => Promise<LearnResult | void>): void {
    const controller = new AbortController()
    underWay = controller
    meter.tell()
    void task(controller.signal)
      .finally(() => {
        underWay = undefined
        meter.rest()
      })
      .then(
        (result) => machine.end({ event: 'done', result }),
        (error: unknown) => machine.end({ event: 'failed', error })
      )
  }

  /** The caller waits for the run, which nothing holds any more. */
  function adopt({ options, caller }: Asked & { what: 'learn' }): void {
    try {
      if (!catalogue.runs.unfinished()) {
        meter.clearCurve()
        catalogue.runs.start(options, Date.now())
      }
      holds.lift()
      retries.clear()
      waiters.add(caller)
    } catch (error) {
      caller.reject(error)
    }
  }

  function count(error: unknown): void {
    const isDropped = retries.count(error, () => {
      const run = catalogue.runs.unfinished()
      return run !== undefined && isOvertaken(catalogue, run)
    })
    if (isDropped) machine.ask({ what: 'discard' })
  }

  function learn(options: LearnOptions): Promise<LearnResult> {
    const { indexed } = catalogue.work.counts()
    if (indexed < FEWEST_TO_FIT) return Promise.reject(tooFew(indexed))
    const bits = bitsToKeep(options)
    if (bits !== undefined && bits !== options.bits)
      return Promise.reject(otherBits(bits, options.bits ?? bits))
    if (options.bits !== undefined) catalogue.settings.setBits(options.bits)
    return new Promise((resolve, reject) =>
      machine.ask({ what: 'learn', options, caller: { resolve, reject } })
    )
  }

  /** Deep training keeps the length of the codes; undefined where any may be learned. */
  function bitsToKeep({ depth, bits }: LearnOptions): number | undefined {
    const { M, K } = reader.serving()?.row ?? { M: 0, K: 2 }
    return depth === 'deep' && bits !== undefined && M > 0 ? M * Math.log2(K) : undefined
  }

  function pause(paused: boolean): void {
    try {
      holds.pause(paused)
    } finally {
      update()
    }
  }

  function describeAnew(backbone: string): Promise<void> {
    return new Promise((resolve, reject) =>
      machine.ask({ what: 'go-back', to: { backbone }, caller: { resolve, reject } })
    )
  }

  update()
  const anew = isByItself ? catalogue.settings.describesAnew() : undefined
  if (anew)
    describeAnew(anew.backbone).catch((error: unknown) => {
      if (!isFault(error, 'cancelled')) console.error(error) // it goes on at the next start
    })
  return {
    wake: update,
    goOn() {
      retries.clear()
      update()
    },
    tell: () => meter.tell(),
    snapshot: () => meter.snapshot(),
    on: (listener) => meter.on(listener),
    learn,
    cancel() {
      machine.ask({ what: 'cancel' })
      const { settings } = catalogue
      if (settings.describesAnew()) settings.setDescribesAnew(undefined) // nor at the next start
    },
    pause: () => pause(true),
    resume: () => pause(false),
    power(onBattery) {
      holds.setPower(onBattery)
      update()
    },
    models: () => keptModels(catalogue),
    rollback(model) {
      if (!catalogue.models.get(model)) return Promise.reject(missingModel(model))
      return new Promise((resolve, reject) =>
        machine.ask({ what: 'go-back', to: { model }, caller: { resolve, reject } })
      )
    },
    arithmetic: () => describedIn(context),
    describeAnew: async (arithmetic) => describeAnew(await backboneFor(context, arithmetic)),
    compare: (photos, top) => compareModels(context, photos, top),
    devices: () => devices.devices(),
    async measureDevices() {
      await new Promise<void>((resolve, reject) =>
        machine.ask({ what: 'measure', caller: { resolve, reject } })
      )
      return devices.devices()
    },
    prepare: (session) => devices.apply(session),
    close: () =>
      new Promise((resolve, reject) =>
        machine.ask({ what: 'close', caller: { resolve, reject } }, 'first')
      )
  }
}
