// How long learning takes, by the measured speeds. Runs in the writer. Pure.
import type { Depth, LearnPhase } from '../../wire/learning-contract.ts'
import { MOST_TO_FIT } from '../../../model/retrieval.ts'
import type { DeviceChoice } from './device-choice.ts'

/** How often deep training has each photo as the first of a pair. */
export const EPOCHS = 3
const PHOTOS_A_PAIR = 2
/** The rest is held out. */
const TRAINED = 0.9
/** Time of a photo in a training step to one that is only described: measured on a processor. */
const STEP_FACTOR = 6

/** What training a head does where nothing is said (trial-settings.ts); ms a step if not known. */
const TRIALS = 5 / 4 + 2 + 2
const STEP_MILLISECONDS = 12
const SEEN = 68 // how often a trial sees each photo
const BATCH = 256

type Measured = Pick<DeviceChoice, 'devices' | 'providerFor'>

/** Seconds that it takes to describe so many photos; 0 while nothing was measured. */
function describingSeconds(photos: number, { devices }: Pick<Measured, 'devices'>): number {
  const speed = devices().devices.find((device) => device.chosen)?.photosPerSecond
  return speed ? photos / speed : 0
}

/**
 * Seconds that deep training of so many photos takes, all features renewed at its end; null while
 * nothing was measured.
 */
export function deepSeconds(photos: number, measured: Measured): number | null {
  const provider = measured.providerFor({ depth: 'deep' })
  const device = measured.devices().devices.find((one) => one.provider === provider)
  if (!device?.photosPerSecond) return null
  const seen = EPOCHS * PHOTOS_A_PAIR * TRAINED * Math.min(photos, MOST_TO_FIT)
  return (seen * STEP_FACTOR) / device.photosPerSecond + describingSeconds(photos, measured)
}

/**
 * Seconds that a run takes after a phase: of a head's run trials after its views; of deep training
 * all that is still to come.
 * @param photos of the library, and of the run's sample
 */
export function secondsAfter(
  phase: LearnPhase,
  { depth, photos, sample }: { depth: Depth; photos: number; sample: number },
  measured: Measured
): number {
  const describing = describingSeconds(photos, measured)
  if (depth === 'head') return phase === 'views' || phase === 'graph' ? TRIALS * trial(sample) : 0
  const deep = deepSeconds(photos, measured) ?? 0
  switch (phase) {
    case 'views':
      return trial(sample) + deep
    case 'start':
      return deep
    case 'training':
      return describing
    case 'features':
      return Math.max(0, describing - describingSeconds(sample, measured))
    default:
      return 0
  }
}

/** Seconds of one training of a head on so many photos. */
function trial(photos: number): number {
  return (Math.min(1000, Math.max(200, (SEEN * photos) / BATCH)) * STEP_MILLISECONDS) / 1000
}
