// How long deep training would take, by the measured speeds. Runs in the engine. Pure.
import { MOST_TO_FIT } from '../../../model/retrieval.ts'
import type { DeviceChoice } from './devices.ts'

/** How often deep training has each photo as the first of a pair. */
export const EPOCHS = 3
const PHOTOS_A_PAIR = 2
/** The rest is held out. */
const TRAINED = 0.9
/** Time of a photo in a training step to one that is only described: measured on a processor. */
const STEP_FACTOR = 6

type Measured = Pick<DeviceChoice, 'devices' | 'providerFor'>

/** Seconds that it takes to describe so many photos; 0 while nothing was measured. */
export function describingSeconds(photos: number, { devices }: Pick<Measured, 'devices'>): number {
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
