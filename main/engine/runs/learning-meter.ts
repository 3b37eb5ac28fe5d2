// What is told of learning: phase, progress, time left, the curve. Runs in the writer; nothing of
// it is stored but what the catalogue holds.
import type { Fault } from '../../wire/fault.ts'
import type { LearnPhase, Learning } from '../../wire/learning-contract.ts'
import type { LearningStep } from '../../wire/compute-learning.ts'
import { guarded } from '../faults/guarded.ts'
import { Curve } from './loss-curve.ts'

/** Told at most this often, ms. */
const TELL_EVERY = 200

/** What the meter does not know itself. */
export type Surroundings = Omit<
  Learning,
  'phase' | 'done' | 'total' | 'secondsLeft' | 'trial' | 'trials' | 'curve'
>

export interface LearningMeter {
  snapshot(): Learning
  on(listener: (learning: Learning) => void): () => void
  /** Something changed; listeners are told soon. */
  tell(): void
  /** A phase begins with so much of it done. `photos` of the sample. */
  begin(phase: LearnPhase, done: number, total: number, photos: number): void
  add(done: number): void
  /** Compute tells of its phases. */
  step(step: LearningStep, photos: number): void
  /** No phase. */
  rest(): void
  clearCurve(): void
  close(): void
}

export interface MeterParts {
  surroundings(): Surroundings
  /** Seconds that a run takes after a phase; `sample`: photos that it learns from. */
  secondsAfter(phase: LearnPhase, around: Surroundings, sample: number): number
  /** What is to be told could not be read. */
  onFault(fault: Fault): void
  /** ms since 1970; the clock's time when left out. */
  now?(): number
}

/** Makes the meter. */
export function createLearningMeter({
  surroundings,
  secondsAfter,
  onFault,
  now = Date.now
}: MeterParts): LearningMeter {
  const listeners = new Set<(learning: Learning) => void>()
  const curve = new Curve()
  let phase: LearnPhase | null = null
  let done = 0
  let total = 0
  let trial = 0
  let trials = 0
  let photos = 0
  let start = { at: 0, done: 0 }
  let timer: NodeJS.Timeout | undefined
  let toldAt = 0

  function secondsLeft(around: Surroundings): number | null {
    const taken = (now() - start.at) / 1000
    const did = done - start.done
    if (phase === null || did <= 0 || taken < 1) return null
    return (taken / did) * Math.max(0, total - done) + secondsAfter(phase, around, photos)
  }

  function snapshot(): Learning {
    const around = surroundings()
    const isRunning = around.state === 'running' || around.state === 'returning'
    return {
      ...around,
      phase,
      done,
      total,
      secondsLeft: isRunning ? secondsLeft(around) : null,
      trial,
      trials,
      curve: curve.points
    }
  }

  const tellNow = guarded(onFault, () => {
    timer = undefined
    toldAt = now()
    const learning = snapshot()
    for (const listener of listeners) listener(learning)
  })

  function tell(): void {
    if (timer || listeners.size === 0) return
    timer = setTimeout(tellNow, Math.max(0, toldAt + TELL_EVERY - now()))
  }

  function begin(next: LearnPhase, from: number, all: number, of: number): void {
    if (next !== phase) start = { at: now(), done: from }
    phase = next
    done = from
    total = all
    photos = of
    tell()
  }

  return {
    snapshot,
    on(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    tell,
    begin,
    add(count) {
      done = Math.min(total, done + count)
      tell()
    },
    step(step, of) {
      begin(step.phase, step.done, step.total, of)
      trial = step.trial
      trials = step.trials
      if (step.loss !== null) curve.add({ trial, step: step.step, loss: step.loss })
    },
    rest() {
      phase = null
      done = total = trial = trials = 0
      tell()
    },
    clearCurve: () => curve.clear(),
    close() {
      listeners.clear() // what is told later is told to nobody
      clearTimeout(timer)
    }
  }
}
