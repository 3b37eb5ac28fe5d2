// Pictures made by code, to try processors and devices with before there is a photo: discs on a
// slope of colour, with the noise of a camera. In whole numbers, so that they are the same to the
// bit everywhere. Pure.
import { seededRandom, type Photo } from '../../model/retrieval.ts'

const DISCS = 24
/** Grain, in levels to either side. */
const GRAIN = 12

/** A square picture of so many pixels a side; each seed gives another one. */
export function drawnPicture(side: number, seed: number): Photo {
  const random = seededRandom(seed)
  const whole = (below: number): number => Math.floor(random() * below)
  const discs = Array.from({ length: DISCS }, () => ({
    x: whole(side),
    y: whole(side),
    radius: 4 + whole(side / 5),
    colour: [whole(256), whole(256), whole(256)]
  }))
  const rgb = new Uint8Array(side * side * 3)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const disc = discs.find((one) => (x - one.x) ** 2 + (y - one.y) ** 2 < one.radius ** 2)
      for (let channel = 0; channel < 3; channel++) {
        const place = channel === 0 ? x : channel === 1 ? y : side - 1 - x
        const plain = disc?.colour[channel] ?? Math.floor((place * 255) / side)
        const level = plain + whole(2 * GRAIN + 1) - GRAIN
        rgb[(y * side + x) * 3 + channel] = Math.min(255, Math.max(0, level))
      }
    }
  return { rgb, width: side, height: side }
}

/** So many different ones. */
export function drawnPictures(count: number): Photo[] {
  return Array.from({ length: count }, (_, place) => drawnPicture(128, place + 1))
}
