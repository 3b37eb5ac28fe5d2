// How long deep training would take, by the measured speeds. Runs in the engine. Pure.
import { MOST_TO_FIT } from '../../../model/retrieval.ts'
import type { DeviceChoice } from './devices.ts'

/** As compute has them (learn-deep.ts): how often each photo is seen, two of them a pair. */
const EPOCHS = 3
const PHOTOS_A_PAIR = 2
/** A photo in a training step against one that is only described: measured on a processor. */
const STEP_FACTOR = 1.1

/**
 * Seconds that deep training of so many photos takes, all features renewed at its end; null while
 * nothing was measured.
 */
export function deepSeconds(
  photos: number,
  { devices, providerFor }: Pick<DeviceChoice, 'devices' | 'providerFor'>
): number | null {
  const measured = devices().devices
  const speedOf = (isIt: (device: (typeof measured)[number]) => boolean): number | undefined =>
    measured.find(isIt)?.photosPerSecond ?? undefined
  const provider = providerFor({ depth: 'deep' })
  const training = speedOf((device) => device.provider === provider)
  const describing = speedOf((device) => device.chosen)
  if (!training || !describing) return null
  const seen = EPOCHS * PHOTOS_A_PAIR * Math.min(photos, MOST_TO_FIT)
  return (seen * STEP_FACTOR) / training + photos / describing
}
