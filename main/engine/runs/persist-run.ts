// Long calls of compute, made again after its deaths and on another device when one is lost. Runs
// in the writer.
import type { RunRow } from '../../catalogue/run-table.ts'
import { isFault } from '../../wire/fault.ts'
import type { LearnOptions } from '../../wire/learning-contract.ts'
import type { Session } from '../lines/compute-session.ts'
import type { Context } from '../context.ts'
import { decide } from '../faults/decision.ts'
import { guarded } from '../faults/guarded.ts'
import type { DeviceChoice } from './device-choice.ts'
import type { RunParts } from './run-parts.ts'

/**
 * Makes an attempt until it ends, on what runs such `options`. `attempt` tells when it has come
 * further than those before it. Rejects with what no other attempt would change, or when the signal
 * aborts.
 */
export async function persistently<T>(
  { giveWay }: Pick<Context, 'giveWay'>,
  devices: Pick<DeviceChoice, 'lose' | 'providerFor'>,
  options: LearnOptions,
  attempt: (onFurther: () => void) => Promise<T>,
  signal: AbortSignal
): Promise<T> {
  /** Attempts that came no further, this one counted. */
  function isTriedAgain(error: unknown, attempts: number): boolean {
    if (!isFault(error)) return false
    if (decide(error.record, { attempts, work: 'call-of-run' }).course === 'fail') return false
    if (error.kind !== 'device') return true
    devices.lose(error) // it may be known already: the backbone has run on it too
    return devices.providerFor(options) !== error.record.subject
  }

  let barren = 0
  for (;;) {
    await giveWay(signal)
    let isFurther = false
    try {
      return await attempt(() => (isFurther = true))
    } catch (error) {
      barren = isFurther ? 0 : barren + 1
      if (signal.aborted || !isTriedAgain(error, barren)) throw error
    }
  }
}

/**
 * Makes a call of compute that trains, while its steps are told to the meter and its checkpoints
 * kept as they come. One that cannot be kept is noted, and the next is tried.
 * @param photos that it learns from
 * @param onFurther called after each checkpoint
 */
export async function followed<T>(
  { context, meter, note }: RunParts,
  run: RunRow,
  session: Session,
  photos: number,
  onFurther: () => void,
  signal: AbortSignal,
  call: () => Promise<T>
): Promise<T> {
  const leave = [
    session.on('learning', (step) => {
      if (step.run === run.id) meter.step(step, photos)
    }),
    session.on(
      'checkpoint',
      guarded(note, (checkpoint) => {
        if (checkpoint.run !== run.id || signal.aborted) return
        context.catalogue.runs.setCheckpoint(run.id, checkpoint.state)
        note(undefined)
        onFurther()
      })
    )
  ]
  try {
    return await call()
  } finally {
    for (const stop of leave) stop()
  }
}
