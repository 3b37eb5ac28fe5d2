// Named tensors and a few texts as one block of bytes: the safetensors format, which other tools
// read too. Pure; any process. It knows no files.
import * as v from 'valibot'
import { bytesOf, tensorOfBytes } from './tensor.ts'
import type { ElementType, Tensor } from './tensor.ts'

export interface NamedTensors {
  readonly tensors: Readonly<Record<string, Tensor>>
  /** Texts about them, by name. */
  readonly notes: Readonly<Record<string, string>>
}

/** Bytes that are no safetensors block, or one cut short. */
export class SafetensorsError extends Error {
  constructor(reason: string) {
    super(`safetensors: ${reason}`)
    this.name = 'SafetensorsError'
  }
}

const NAMES: Record<ElementType, string> = {
  f32: 'F32',
  f16: 'F16',
  i32: 'I32',
  i64: 'I64',
  u8: 'U8',
  bool: 'BOOL'
}
const TYPES = new Map<string, ElementType>(
  (['f32', 'f16', 'i32', 'i64', 'u8', 'bool'] as const).map((type) => [NAMES[type], type])
)
const NOTES = '__metadata__'
/** Names that mean something else, here or to whoever reads the header as an object. */
const RESERVED = [NOTES, '__proto__', 'prototype', 'constructor']
/** The length of the header comes first, as a 64-bit number; data begins on such a boundary. */
const WORD = 8

const whole = v.pipe(v.number(), v.integer(), v.minValue(0))
const Entry = v.object({
  dtype: v.string(),
  shape: v.array(whole),
  data_offsets: v.tuple([whole, whole])
})
const Notes = v.optional(v.record(v.string(), v.string()), {})
const Header = v.objectWithRest({ [NOTES]: Notes }, Entry)

/**
 * The bytes of tensors and notes; the same ones give the same bytes.
 * @throws RangeError for a name that no reader would give back
 */
export function encodeSafetensors({ tensors, notes }: NamedTensors): Uint8Array {
  const entries: Record<string, v.InferInput<typeof Entry>> = {}
  const refused = Object.keys({ ...tensors, ...notes }).find((name) => RESERVED.includes(name))
  if (refused !== undefined) throw new RangeError(`name: expected any but ${refused}`)
  let size = 0
  for (const [name, { type, shape, data }] of Object.entries(tensors)) {
    const end = size + data.byteLength
    entries[name] = { dtype: NAMES[type], shape: [...shape], data_offsets: [size, end] }
    size = end
  }
  const text = new TextEncoder().encode(JSON.stringify({ [NOTES]: notes, ...entries }))
  const length = Math.ceil(text.length / WORD) * WORD
  const bytes = new Uint8Array(WORD + length + size)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.fill(0x20, WORD, WORD + length) // JSON may end in spaces
  bytes.set(text, WORD)
  let at = WORD + length
  for (const tensor of Object.values(tensors)) {
    bytes.set(bytesOf(tensor), at)
    at += tensor.data.byteLength
  }
  return bytes
}

/** What the bytes hold; tensors are copies. @throws SafetensorsError when they hold none */
export function decodeSafetensors(bytes: Uint8Array): NamedTensors {
  const { header, start } = headerOf(bytes)
  const { [NOTES]: notes, ...entries } = header
  const tensors: Record<string, Tensor> = {}
  for (const [name, { dtype, shape, data_offsets: place }] of Object.entries(entries)) {
    const type = TYPES.get(dtype)
    if (!type) throw new SafetensorsError(`tensor ${name}: expected a known type, got ${dtype}`)
    const [from, to] = [start + place[0], start + place[1]]
    if (to > bytes.length)
      throw new SafetensorsError(
        `tensor ${name}: expected ${to} bytes in all, got ${bytes.length}; it is cut short`
      )
    tensors[name] = tensorOfBytes(type, shape, bytes.subarray(from, to))
  }
  return { tensors, notes }
}

function headerOf(bytes: Uint8Array): { header: v.InferOutput<typeof Header>; start: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = bytes.length < WORD ? Infinity : Number(view.getBigUint64(0, true))
  if (WORD + length > bytes.length)
    throw new SafetensorsError(`expected a header of ${length} bytes, got ${bytes.length} in all`)
  const text = new TextDecoder().decode(bytes.subarray(WORD, WORD + length))
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new SafetensorsError(`expected a header in JSON, got ${JSON.stringify(text.slice(0, 40))}`)
  }
  const header = v.safeParse(Header, json)
  if (header.success) return { header: header.output, start: WORD + length }
  throw new SafetensorsError(`the header: ${header.issues[0].message}`)
}
