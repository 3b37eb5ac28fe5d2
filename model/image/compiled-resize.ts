// The compiled resize as TypeScript sees it: one instance, its memory and typed calls. Pure: the
// bytes are handed in (image-code.mjs has them). Addresses are byte offsets, u32.
import type { Axis } from './resampling.ts'

/** A resize and crop of bytes [height, width, 3] to values [3, size, size] in `out`. */
export type FastResize = (
  rgb: Uint8Array,
  width: number,
  axes: { across: Axis; down: Axis },
  out: Float32Array
) => void

/** What does not change from photo to photo. */
export interface ResizeTables {
  /** A multiple of 4. */
  size: number
  /** What each byte stands for, for each plane: [3, 256]. */
  values: readonly Float32Array[]
  /** Which byte of a pixel each plane takes. */
  places: readonly number[]
}

const PAGE = 65536
/** Larger memory is given back after the photo that needed it: a long strip. */
const KEPT_BYTES = 2 ** 24

/** Compiles the kernel; undefined where this runtime has no SIMD. */
export function loadResize(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module | undefined {
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : undefined
}

/** An instance, for one thread at a time. */
export function createResize(
  module: WebAssembly.Module,
  { size, values, places }: ResizeTables
): FastResize {
  let held: { kernel: Kernel; memory: WebAssembly.Memory } | undefined
  const packed = places.reduce((all, place, plane) => all | (place << (plane * 8)), 0)

  return (rgb, width, { across, down }, out) => {
    const rows = down.end - down.begin
    let end = PAGE // below it lies what the code keeps for itself
    const place = (bytes: number): number => {
      const at = end
      end += Math.ceil(bytes / 16) * 16
      return at
    }
    const tables = [across.firsts, across.weights, down.firsts, down.weights, ...values]
    const [firstX, weightX, firstY, weightY, table] = tables.map((t) => place(t.byteLength)) as [
      number, number, number, number, number
    ]
    const line = place(size * 4)
    const shrunk = place(rows * size * 4)
    const planes = place(3 * size * size * 4)
    const photo = place(rows * width * 3 + 1)
    held ??= instantiate(module)
    const { kernel, memory } = held
    const missing = Math.ceil(end / PAGE) - memory.buffer.byteLength / PAGE
    if (missing > 0) memory.grow(missing)
    const bytes = new Uint8Array(memory.buffer)
    let at = PAGE
    for (const one of tables) {
      bytes.set(new Uint8Array(one.buffer, one.byteOffset, one.byteLength), at)
      at += Math.ceil(one.byteLength / 16) * 16
    }
    bytes.set(rgb.subarray(down.begin * width * 3, down.end * width * 3), photo)
    kernel.across(photo, width, rows, firstX, weightX, across.taps, size, shrunk)
    const axis = [firstY, weightY, down.taps, size] as const
    kernel.down(shrunk, down.begin, ...axis, table, packed, line, planes)
    out.set(new Float32Array(memory.buffer, planes, out.length))
    if (bytes.length > KEPT_BYTES) held = undefined
  }
}

interface Kernel {
  across(...values: number[]): void
  down(...values: number[]): void
}

function instantiate(module: WebAssembly.Module): { kernel: Kernel; memory: WebAssembly.Memory } {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: PAGE })
  const { across, down } = new WebAssembly.Instance(module, { env: { memory } }).exports
  if (typeof across !== 'function' || typeof down !== 'function')
    throw new TypeError('the code that resizes photos lacks its functions')
  return {
    kernel: {
      across: (...values) => void across(...values),
      down: (...values) => void down(...values)
    },
    memory
  }
}
