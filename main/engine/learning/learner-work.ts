// The work that the learner's table begins: a run, its end without a result, measuring, the way
// back to an earlier model. Each ends by itself, or soon after its signal aborts. Runs in the
// writer.
import { cancelled } from '../../wire/fault.ts'
import type { LearnOptions, LearnResult } from '../../wire/learning-contract.ts'
import { describeAnew } from './describe-anew.ts'
import { guarded } from '../faults/guarded.ts'
import { carryOut, serveKept } from '../runs/learning-run.ts'
import type { Retries } from './retries.ts'
import { countAllAsLearned, countAsLearned, dropRun, endRun, rememberBits } from '../runs/run-records.ts'
import type { RunParts } from '../runs/run-parts.ts'

export interface WorkParts extends Omit<RunParts, 'seconds'> {
  retries: Retries
  /** Such runs are begun by themselves. */
  learns?: LearnOptions
  /** Another model may serve. */
  onServing(): void
}

export interface LearnerWork {
  /** Carries out the run that is unfinished, or a new one. */
  learn(signal: AbortSignal): Promise<LearnResult>
  /** Drops the unfinished run; its photos count as learned from. */
  giveUp(): Promise<void>
  /** Drops the unfinished run; its photos are as new as before. */
  discard(): Promise<void>
  /** Measures the devices. */
  measure(signal: AbortSignal): Promise<void>
  /** Lets an earlier model serve; an unfinished run is given up then. */
  goBack(model: number, signal: AbortSignal): Promise<void>
  /** Has all photos described by another backbone; an unfinished run is dropped then. */
  describeAnew(backbone: string, signal: AbortSignal): Promise<void>
}

/** Makes the work of a library. */
export function createLearnerWork(parts: WorkParts): LearnerWork {
  const { context, devices, meter, retries, tidying, learns, onServing } = parts
  const { catalogue, link } = context
  const addSeconds = guarded(
    (fault) => console.error(fault), // they are told as fewer than they were
    (run: number, seconds: number) => catalogue.runs.addSeconds(run, seconds)
  )

  async function learn(signal: AbortSignal): Promise<LearnResult> {
    let run = catalogue.runs.unfinished()
    if (!run) {
      meter.clearCurve()
      run = catalogue.runs.start(learns ?? { depth: 'head' }, Date.now())
    }
    const { id, seconds: before } = run
    const since = performance.now()
    const here = (): number => (performance.now() - since) / 1000
    try {
      const result = await carryOut({ ...parts, seconds: () => before + here() }, run, signal)
      endRun(catalogue, run, result)
      retries.reset()
      onServing()
      return result
    } catch (error) {
      addSeconds(id, here())
      throw error
    }
  }

  async function discard(): Promise<void> {
    const run = catalogue.runs.unfinished()
    if (!run) return
    dropRun(catalogue, run)
    if (run.options.depth === 'deep') await tidying.tidy()
  }

  async function giveUp(): Promise<void> {
    const run = catalogue.runs.unfinished()
    if (!run) return
    countAsLearned(catalogue, run)
    await discard()
    retries.reset()
  }

  return {
    learn,
    giveUp,
    discard,
    async measure(signal) {
      await devices.measure(await link.session(signal), signal)
    },
    async goBack(model, signal) {
      try {
        await serveKept(parts, model, false, signal)
      } catch (error) {
        throw signal.aborted ? cancelled('rollback') : error
      }
      rememberBits(catalogue, model)
      onServing()
      await giveUp()
      countAllAsLearned(catalogue)
    },
    async describeAnew(backbone, signal) {
      try {
        await describeAnew(parts, backbone, signal)
      } catch (error) {
        throw signal.aborted ? cancelled('arithmetic') : error
      }
      onServing()
      await discard()
    }
  }
}
