// The plain twin of reduce-kernel.as.ts, step by step and slow, which shows what that must give.
// Pure; used by tests only.
import type { Size } from './decoder.ts'
import { sideOf, type Bitmap } from './reduce.ts'

/** Four numbers a pixel: colours multiplied by opacity (0 to 1), and opacity, all up to 255. */
interface Floats extends Size {
  values: Float64Array
}

/** A picture in a smaller size: what `reduced` gives, to a step of 255. */
export function reducedSlowly(picture: Bitmap, size: Size): Bitmap {
  const { width, height } = picture
  const [{ box: boxX }, { box: boxY }] = [sideOf(width, size.width), sideOf(height, size.height)]
  const boxes = boxesOf(multiplied(picture), boxX, boxY)
  const across = weighed(boxes, width, size.width)
  return divided(turned(weighed(turned(across), height, size.height)))
}

function multiplied({ width, height, pixels }: Bitmap): Floats {
  const values = Float64Array.from(pixels, (value, i) =>
    i % 4 === 3 ? value : (value * pixels[i - (i % 4) + 3]!) / 255
  )
  return { width, height, values }
}

/** The mean of each box of pixels; the last ones may be smaller. */
function boxesOf({ width, height, values }: Floats, boxX: number, boxY: number): Floats {
  const size = { width: Math.ceil(width / boxX), height: Math.ceil(height / boxY) }
  const means = new Float64Array(size.width * size.height * 4)
  const counts = new Float64Array(means.length)
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 4; channel++, i++) {
        const at = (Math.floor(y / boxY) * size.width + Math.floor(x / boxX)) * 4 + channel
        means[at]! += values[i]!
        counts[at]!++
      }
  return { ...size, values: means.map((sum, at) => sum / counts[at]!) }
}

/** Made smaller across by the taps; `from`: the side before it was put into boxes. */
function weighed({ width, height, values }: Floats, from: number, to: number): Floats {
  const { first, taps, weights } = sideOf(from, to)
  const small = new Float64Array(to * height * 4)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < to; x++)
      for (let tap = 0; tap < taps; tap++)
        for (let channel = 0; channel < 4; channel++)
          small[(y * to + x) * 4 + channel]! +=
            values[(y * width + first[x]! + tap) * 4 + channel]! * weights[x * taps + tap]!
  return { width: to, height, values: small }
}

/** Rows for columns. */
function turned({ width, height, values }: Floats): Floats {
  const other = new Float64Array(values.length)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 4; channel++)
        other[(x * height + y) * 4 + channel] = values[(y * width + x) * 4 + channel]!
  return { width: height, height: width, values: other }
}

function divided({ width, height, values }: Floats): Bitmap {
  const pixels = Uint8ClampedArray.from(values, (value, i) => {
    const opacity = values[i - (i % 4) + 3]!
    if (opacity < 0.5) return 0
    return i % 4 === 3 ? value : (value * 255) / opacity
  })
  return { width, height, pixels }
}
