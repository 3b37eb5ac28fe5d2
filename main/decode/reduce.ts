// Makes pictures small, with one result in both decoders: boxes of pixels become one while four or
// more would be left for each wanted pixel, then Lanczos with three lobes, as libvips has it, which
// does the same in plain Node for the formats that it decodes. Pure, but for loading its code when
// it is first needed. reduce-reference.ts says the same in plain steps.
import type { Size } from './decoder.ts'
import { wasmCode } from './wasm-code.mjs'

/** Four bytes a pixel: colours, not multiplied by opacity, and opacity. */
export interface Bitmap extends Size {
  pixels: Uint8ClampedArray<ArrayBuffer>
}

/** Makes a picture smaller that comes in whole rows from the top, four bytes a pixel. */
export type Reduce = (from: Size, to: Size, rows: Iterable<Uint8ClampedArray>) => Bitmap

/** How a side of a picture is made smaller. */
interface Side {
  /** So many pixels become one first; at the end they may be fewer. */
  box: number
  /** Of each place in the small picture: the first of the boxes that it is made of, */
  first: Int32Array
  /** how many these are, and what each counts: [side, taps]. */
  taps: number
  weights: Float32Array
}

const LOBES = 3
/** Larger memory is given back after the picture that needed it. */
const KEPT_BYTES = 2 ** 26
const PAGE = 65536
/** Pixels handed over at once, at most; one row at least. */
const AT_ONCE = 2 ** 18

/** The code's functions; reduce-kernel.as.ts has them. */
interface Kernel {
  configure(...values: number[]): void
  push(input: number, rows: number): void
}

let compiling: Promise<WebAssembly.Module> | undefined
let held: { kernel: Kernel; memory: WebAssembly.Memory } | undefined

/** Loads the code, at the first call. */
export async function openReduce(): Promise<Reduce> {
  const module = await (compiling ??= compiled())
  return (from, to, rows) => reduce(module, from, to, rows)
}

async function compiled(): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(await wasmCode('reduce'))
  } catch (error) {
    compiling = undefined // the next call may find the memory for it
    throw error
  }
}

/** A picture in a size that is nowhere larger than it. */
export async function reduced({ pixels, ...whole }: Bitmap, size: Size): Promise<Bitmap> {
  if (whole.width === size.width && whole.height === size.height) return { ...whole, pixels }
  return (await openReduce())(whole, size, [pixels])
}

/** How `from` pixels become `to`, at most as many. */
export function sideOf(from: number, to: number): Side {
  const box = Math.max(1, Math.floor(from / to / 2))
  const boxes = Math.ceil(from / box)
  const step = from / box / to
  const taps = Math.min(boxes, 2 * Math.ceil(LOBES * step) + 1)
  const first = new Int32Array(to)
  const weights = new Float32Array(to * taps)
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * step - 0.5
    const begin = Math.ceil(centre - LOBES * step)
    const end = Math.floor(centre + LOBES * step)
    first[i] = Math.min(Math.max(0, begin), boxes - taps)
    const all = weights.subarray(i * taps, (i + 1) * taps)
    // What lies beyond an edge is as the edge.
    for (let at = begin; at <= end; at++)
      all[Math.min(boxes - 1, Math.max(0, at)) - first[i]!]! += lanczos((at - centre) / step)
    const sum = all.reduce((total, weight) => total + weight, 0)
    for (let tap = 0; tap < taps; tap++) all[tap]! /= sum
  }
  return { box, first, taps, weights }
}

function lanczos(x: number): number {
  if (x === 0) return 1
  if (Math.abs(x) >= LOBES) return 0
  const turn = Math.PI * x
  return (LOBES * Math.sin(turn) * Math.sin(turn / LOBES)) / (turn * turn)
}

function reduce(
  module: WebAssembly.Module,
  from: Size,
  to: Size,
  rows: Iterable<Uint8ClampedArray>
): Bitmap {
  const [across, down] = [sideOf(from.width, to.width), sideOf(from.height, to.height)]
  const rowBytes = from.width * 4
  const rowsAtOnce = Math.max(1, Math.floor(AT_ONCE / from.width))
  let end = PAGE // below it lies what the code keeps for itself
  const place = (bytes: number): number => {
    const at = end
    end += Math.ceil(bytes / 16) * 16
    return at
  }
  const tables = [across.first, across.weights, down.first, down.weights] as const
  const places = tables.map(({ byteLength }) => place(byteLength))
  const sums = place(Math.ceil(from.width / across.box) * 16)
  const ring = place(down.taps * to.width * 16)
  const output = place(to.width * to.height * 4)
  const input = place(rowsAtOnce * rowBytes)
  const { kernel, memory } = kernelWith(module, end)
  const bytes = new Uint8Array(memory.buffer)
  tables.forEach((table, i) => bytes.set(new Uint8Array(table.buffer), places[i]))
  const { box: boxX, taps: tapsX } = across
  const { box: boxY, taps: tapsY } = down
  const sizes = [from.width, from.height, to.width, to.height, boxX, boxY, tapsX, tapsY]
  kernel.configure(...sizes, ...places, sums, ring, output)
  for (const some of rows)
    for (let at = 0; at < some.length; at += rowsAtOnce * rowBytes) {
      const part = some.subarray(at, at + rowsAtOnce * rowBytes)
      bytes.set(part, input)
      kernel.push(input, part.length / rowBytes)
    }
  const small = bytes.slice(output, output + to.width * to.height * 4)
  if (bytes.length > KEPT_BYTES) held = undefined
  return { ...to, pixels: new Uint8ClampedArray(small.buffer) }
}

function kernelWith(
  module: WebAssembly.Module,
  bytes: number
): { kernel: Kernel; memory: WebAssembly.Memory } {
  const pages = Math.ceil(bytes / PAGE)
  if (!held) {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536 })
    const { exports } = new WebAssembly.Instance(module, { env: { memory } })
    held = { kernel: kernelOf(exports), memory }
  }
  const missing = pages - held.memory.buffer.byteLength / PAGE
  if (missing > 0) held.memory.grow(missing)
  return held
}

function kernelOf({ configure, push }: WebAssembly.Exports): Kernel {
  if (typeof configure !== 'function' || typeof push !== 'function')
    throw new TypeError('the code that makes pictures small lacks its functions')
  return {
    configure: (...values) => void configure(...values),
    push: (input, rows) => void push(input, rows)
  }
}
