// Rows, columns and colours of a view by SIMD: the twin of augment-plain.ts. Holds no photo between
// calls. Pure: the code is handed in.
import type { Applier } from './augment-plain.ts'

const PAGE = 65536
/** What the code may read beyond an array. */
const BEYOND = 64

/** The code's functions; augment-kernel.as.ts has them. Addresses are byte offsets. */
const NAMES = ['filterRows', 'filterColumns', 'recolour'] as const
type Kernel = Record<(typeof NAMES)[number], (...values: number[]) => void>

/** Makes views of size x size pixels; undefined where there is no SIMD. */
export function createSimdApplier(code: Uint8Array, size: number): Applier | undefined {
  const source = Uint8Array.from(code)
  if (!WebAssembly.validate(source)) return undefined
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 })
  const module = new WebAssembly.Module(source)
  const kernel = kernelOf(new WebAssembly.Instance(module, { env: { memory } }))
  const plane = Math.ceil((size * size) / 4) * 4
  let end = PAGE // below it lies what the code keeps for itself
  const place = (bytes: number): number => {
    const at = end
    end += Math.ceil((bytes + BEYOND) / 16) * 16
    const missing = Math.ceil(end / PAGE) - memory.buffer.byteLength / PAGE
    if (missing > 0) memory.grow(missing)
    return at
  }
  const view = place(plane * 16)
  const planes = place(plane * 12)
  const colours = place(3 * 6 * 4)
  const sums = place(3 * 8)
  const fixed = end
  const write = (values: Float32Array | Int32Array | Uint8Array): number => {
    const at = place(values.byteLength)
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    new Uint8Array(memory.buffer, at, bytes.length).set(bytes)
    return at
  }

  return {
    filter({ rgb, width }, { left, width: cropWidth }, { rows, columns }) {
      end = fixed
      const line = Math.ceil((cropWidth * 3) / 16) * 16
      const filtered = place(size * line * 4)
      const [down, across] = [write(rows.weights), write(columns.weights)]
      const [firstRows, firstColumns] = [
        write(rows.firsts),
        write(columns.firsts.map((first) => first - left))
      ]
      const photo = write(rgb) + left * 3
      kernel.filterRows(photo, width * 3, firstRows, down, rows.taps, size, filtered, line)
      kernel.filterColumns(filtered, line, firstColumns, across, columns.taps, size, view, sums)
      return [...new Float64Array(memory.buffer, sums, 3)]
    },
    recolour(channels, out) {
      new Float32Array(memory.buffer, colours, 18).set(channels.flat())
      kernel.recolour(view, plane, colours, planes)
      for (let channel = 0; channel < 3; channel++) {
        const from = new Float32Array(memory.buffer, planes + channel * plane * 4, size * size)
        out.set(from, channel * size * size)
      }
    }
  }
}

function kernelOf({ exports }: WebAssembly.Instance): Kernel {
  const found = NAMES.map((name) => {
    const call = exports[name]
    if (typeof call !== 'function') throw new TypeError(`the code that makes views lacks ${name}`)
    return [name, call]
  })
  return Object.fromEntries(found) as Kernel
}
