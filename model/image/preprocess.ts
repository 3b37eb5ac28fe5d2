// A photo into the input of a backbone: the fast twin of preprocess-reference.ts, equal to the bit.
// Separable, with weight tables kept per size; touches only the rows and columns that the crop
// needs. Runs in compute (a worker thread will do); holds no photo between calls.
import type { Card } from './card.ts'
import { createResize } from './compiled-resize.ts'
import { WEIGHT_BITS, frameOf, tapOf, type Axis } from './resampling.ts'

/** Pixels as a decoder gives them: [height, width, 3], upright sRGB, one byte a channel. */
export interface Photo {
  rgb: Uint8Array
  width: number
  height: number
}

/** Writes the photo as values [3, size, size] into a batch [B, 3, size, size] at `slot`. */
export type Preprocess = (photo: Photo, batch: Float32Array, slot: number) => void

/** Tables kept; a library holds few sizes once its photos are scaled to one short side. */
const KEPT_AXES = 256
/** Taps that the unrolled loop takes: enough for every bicubic resize down to 4/5 of the size. */
const UNROLLED = 5
const BITS = WEIGHT_BITS // an import read in a hot loop is a call in a CommonJS bundle
const HALF = 1 << (BITS - 1)

/**
 * Prepares a card's resize, crop and normalisation. The result is for one thread at a time.
 * @param kernel the compiled resize, which does the same to the bit in a fifth of the time
 */
export function createPreprocessor(card: Card, kernel?: WebAssembly.Module): Preprocess {
  const { size, resize, channels, mean, scale } = card.input
  const stride = size * 3
  const plane = size * size
  const axes = new Map<string, Axis>()
  const values = mean.map((value, channel) =>
    Float32Array.from({ length: 256 }, (_, byte) => (byte - value) / scale[channel]!)
  )
  const places = channels === 'RGB' ? [0, 1, 2] : [2, 1, 0]
  // The kernel takes four pixels at once.
  const resizeFast = kernel && size % 4 === 0 && createResize(kernel, { size, values, places })
  const row = new Uint8ClampedArray(size * 3) // [size, 3]
  let shrunk = new Uint8ClampedArray(0) // [rows needed, size, 3]

  function axisOf(from: number, to: number, offset: number): Axis {
    const key = `${from} ${to}`
    let axis = axes.get(key)
    if (axis) return axis
    axis = buildAxis(resize.filter, from, to, offset, size)
    const oldest = axes.keys().next()
    if (axes.size === KEPT_AXES && !oldest.done) axes.delete(oldest.value)
    axes.set(key, axis)
    return axis
  }

  return function preprocess({ rgb, width, height }, batch, slot) {
    const frame = frameOf(resize, size, width, height)
    if (rgb.length !== width * height * 3)
      throw new RangeError(`rgb: expected ${width * height * 3} bytes, got ${rgb.length}`)
    if (!Number.isInteger(slot) || slot < 0 || (slot + 1) * 3 * plane > batch.length)
      throw new RangeError(`slot: expected one of ${batch.length / 3 / plane}, got ${slot}`)
    const across = axisOf(width, frame.width, frame.left)
    const down = axisOf(height, frame.height, frame.top)
    const out = batch.subarray(slot * 3 * plane, (slot + 1) * 3 * plane)
    if (resizeFast) return resizeFast(rgb, width, { across, down }, out)
    const rows = down.end - down.begin
    if (shrunk.length < rows * stride) shrunk = new Uint8ClampedArray(rows * stride)
    // One type of array for both passes: the loop stays fast.
    const photo = new Uint8ClampedArray(rgb.buffer, rgb.byteOffset, rgb.length)
    const top = down.begin * width * 3
    for (let x = 0; x < size; x++) {
      const from = top + across.firsts[x]! * 3
      const to = { out: shrunk, target: x * 3, targetStep: stride, count: rows }
      filterLine(across, x, { source: photo, from, step: width * 3, tap: 3, ...to })
    }
    for (let y = 0; y < size; y++) {
      const from = (down.firsts[y]! - down.begin) * stride
      const to = { out: row, target: 0, targetStep: 3, count: size }
      filterLine(down, y, { source: shrunk, from, step: 3, tap: stride, ...to })
      for (let channel = 0; channel < 3; channel++) {
        const target = channel * plane + y * size
        writeRow(row, places[channel]!, values[channel]!, out, target, size)
      }
    }
  }
}

function buildAxis(
  filter: Card['input']['resize']['filter'],
  from: number,
  to: number,
  offset: number,
  size: number
): Axis {
  const all = Array.from({ length: size }, (_, i) => tapOf(filter, from, to, offset + i))
  const widest = Math.max(...all.map((tap) => tap.weights.length))
  const taps = Math.min(from, Math.max(widest, UNROLLED))
  const weights = new Int32Array(size * taps)
  const firsts = Int32Array.from(all, (tap, i) => {
    const first = Math.min(tap.first, from - taps) // padding stays inside the source
    weights.set(tap.weights, i * taps + tap.first - first)
    return first
  })
  return { taps, firsts, weights, begin: Math.min(...firsts), end: Math.max(...firsts) + taps }
}

/** Where a line of pixels lies, in bytes: `count` of them, `step` apart, their taps `tap` apart. */
interface Line {
  source: Uint8ClampedArray
  from: number
  step: number
  tap: number
  out: Uint8ClampedArray
  target: number
  targetStep: number
  count: number
}

/**
 * Filters pixels that share one output index of an axis (a column of the shrunk photo, a row of the
 * result), so that their weights stay in registers. Stores to clamped bytes clip as Pillow does.
 */
function filterLine(axis: Axis, index: number, line: Line): void {
  if (axis.taps === UNROLLED) return filterLine5(axis.weights, index * UNROLLED, line)
  const { taps, weights } = axis
  const { source, step, tap, out, targetStep, count } = line
  let { from, target } = line
  for (let i = 0; i < count; i++, from += step, target += targetStep) {
    for (let channel = 0; channel < 3; channel++) {
      let sum = HALF
      for (let k = 0; k < taps; k++)
        sum += Math.imul(source[from + k * tap + channel]!, weights[index * taps + k]!)
      out[target + channel] = sum >> BITS
    }
  }
}

function filterLine5(weights: Int32Array, w: number, line: Line): void {
  const { source, step, tap, out, targetStep, count } = line
  const w0 = weights[w]!
  const w1 = weights[w + 1]!
  const w2 = weights[w + 2]!
  const w3 = weights[w + 3]!
  const w4 = weights[w + 4]!
  let p0 = line.from
  let target = line.target
  for (let i = 0; i < count; i++, p0 += step, target += targetStep) {
    const p1 = p0 + tap
    const p2 = p1 + tap
    const p3 = p2 + tap
    const p4 = p3 + tap
    for (let c = 0; c < 3; c++) {
      const low = Math.imul(source[p0 + c]!, w0) + Math.imul(source[p1 + c]!, w1)
      const high = Math.imul(source[p3 + c]!, w3) + Math.imul(source[p4 + c]!, w4)
      out[target + c] = (HALF + low + Math.imul(source[p2 + c]!, w2) + high) >> BITS
    }
  }
}

/** One channel of a row [size, 3] to `size` values from `target` on, by a table of 256. */
function writeRow(
  row: Uint8ClampedArray,
  channel: number,
  table: Float32Array,
  batch: Float32Array,
  target: number,
  size: number
): void {
  for (let i = 0, at = channel; i < size; i++, at += 3) batch[target + i] = table[row[at]!]!
}
