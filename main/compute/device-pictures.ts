// Pictures that every device is tried with: drawn, so that there are some before there is a photo,
// and as unlike each other as photos are. Pure.
import { seededRandom, type Photo } from '../../model/retrieval.ts'

const SIDE = 128

/** So many pictures, the same on every machine but for the last bit of a pixel. */
export function devicePictures(count: number): Photo[] {
  return Array.from({ length: count }, (_, i) => drawn(i))
}

/** Waves of light and colour behind some discs, with the noise of a camera. */
function drawn(seed: number): Photo {
  const random = seededRandom(seed + 1)
  const waves = Array.from({ length: 5 }, () => ({
    across: (random() - 0.5) * 30,
    down: (random() - 0.5) * 30,
    from: random() * 6,
    colour: [random(), random(), random()]
  }))
  const discs = Array.from({ length: 1 + (seed % 6) }, () => ({
    x: random(),
    y: random(),
    radius: 0.05 + random() * 0.3,
    colour: [random() * 255, random() * 255, random() * 255]
  }))
  const rgb = new Uint8Array(SIDE * SIDE * 3)
  for (let row = 0; row < SIDE; row++)
    for (let column = 0; column < SIDE; column++) {
      const [x, y] = [column / SIDE, row / SIDE]
      const disc = discs.find((one) => Math.hypot(one.x - x, one.y - y) < one.radius)
      const heights = disc
        ? []
        : waves.map((one) => Math.sin(one.across * x + one.down * y + one.from))
      for (let channel = 0; channel < 3; channel++) {
        const swell = waves.reduce((sum, one, i) => sum + one.colour[channel]! * heights[i]!, 0)
        const bright = disc ? disc.colour[channel]! : 128 + 40 * swell
        const value = bright + 12 * (random() - 0.5)
        rgb[(row * SIDE + column) * 3 + channel] = Math.max(0, Math.min(255, Math.round(value)))
      }
    }
  return { rgb, width: SIDE, height: SIDE }
}
