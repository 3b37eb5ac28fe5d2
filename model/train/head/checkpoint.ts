// A run that was cut, as bytes: what its trials came to, and the trial that was under way. Pure;
// reading trusts nothing.
import * as v from 'valibot'
import { floats, sizeOf } from '../../tensor/tensor.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { FROM_FEATURES, FROM_OUTSIDE } from '../judge/evidence.ts'
import type { Evidence } from '../judge/evidence.ts'
import type { TrialState } from './trial.ts'

type Floats = Readonly<Record<string, Tensor<'f32'>>>

export interface EndedTrial {
  seconds: number
  /** What its queries found; none where it was not asked, or its loss became no number. */
  evidence?: Evidence
}

export interface Checkpoint {
  /** Of options and data: a run goes on only from a checkpoint of its own. */
  digest: string
  /** Ended trials, in their order. */
  ended: EndedTrial[]
  /**
   * The best so far of those trained in the chosen setting: on all photos but the witnesses, then
   * on all photos.
   */
  best: Best[]
  /** Of the trial after those. */
  state?: TrialState
  /** Steps made, and the time they took, in all. */
  steps: number
  milliseconds: number
}

interface Best {
  quality: number
  parameters: Floats
}

/** Others are not read: of the first, trials had scores alone; of the second, one best. */
const VERSION = 3
const HEADER = 8 // bytes: version, length of the text that follows; then the numbers
const ALIGNED = 4

const Tensors = v.record(v.string(), v.array(v.pipe(v.number(), v.integer(), v.minValue(1))))
const Text = v.object({
  fingerprint: v.string(),
  ended: v.array(v.object({ seconds: v.number(), evidence: v.nullable(Tensors) })),
  best: v.array(v.object({ quality: v.number(), parameters: Tensors })),
  state: v.nullable(v.object({ step: v.number(), tensors: Tensors })),
  steps: v.number(),
  milliseconds: v.number()
})

/** The bytes of a checkpoint: its text, and the numbers of its tensors in their order. */
export function writeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { digest, ended, best, state, ...rest } = checkpoint
  const parts: Float32Array[] = []
  const shapesOf = (tensors: Floats): Record<string, readonly number[]> =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, { shape, data }]) => {
        parts.push(data)
        return [name, shape]
      })
    )
  const text = JSON.stringify({
    fingerprint: digest, // as it is called in people's libraries
    ...rest,
    ended: ended.map(({ seconds, evidence }) => ({
      seconds,
      evidence: evidence ? shapesOf(tensorsOfEvidence(evidence)) : null
    })),
    best: best.map(({ quality, parameters }) => ({ quality, parameters: shapesOf(parameters) })),
    state: state ? { step: state.step, tensors: shapesOf(state.tensors) } : null
  })
  const encoded = new TextEncoder().encode(text)
  const start = Math.ceil((HEADER + encoded.length) / ALIGNED) * ALIGNED
  const numbers = parts.reduce((sum, { length }) => sum + length, 0)
  const bytes = new Uint8Array(start + numbers * 4)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, VERSION, true)
  view.setUint32(4, encoded.length, true)
  bytes.set(encoded, HEADER)
  let at = start / 4
  for (const part of parts) {
    new Float32Array(bytes.buffer).set(part, at)
    at += part.length
  }
  return bytes
}

/** The checkpoint of bytes; undefined when they are none, or of another run. */
export function readCheckpoint(bytes: Uint8Array, digest: string): Checkpoint | undefined {
  if (bytes.length < HEADER) return undefined
  const { buffer } = new Uint8Array(bytes) // a copy: aligned
  const view = new DataView(buffer)
  const length = view.getUint32(4, true)
  const start = Math.ceil((HEADER + length) / ALIGNED) * ALIGNED
  if (view.getUint32(0, true) !== VERSION || start > bytes.length) return undefined
  const text = parsed(new TextDecoder().decode(new Uint8Array(buffer, HEADER, length)))
  if (text?.fingerprint !== digest) return undefined
  let at = start
  const tensorsOf = (shapes: v.InferOutput<typeof Tensors>): Floats =>
    Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => {
        const data = new Float32Array(buffer, at, sizeOf(shape))
        at += data.byteLength
        return [name, floats(shape, data)]
      })
    )
  const { fingerprint: _, ended, best, state, ...rest } = text
  const kept = best.map(({ parameters }) => parameters)
  const numbers = [...ended.map(({ evidence }) => evidence), ...kept, state?.tensors]
    .flatMap((shapes) => Object.values(shapes ?? {}))
    .reduce((sum, shape) => sum + sizeOf(shape), 0)
  if (start + numbers * 4 !== bytes.length) return undefined
  return {
    digest,
    ...rest,
    ended: ended.map(({ seconds, evidence }) => ({
      seconds,
      ...(evidence && { evidence: evidenceOfTensors(tensorsOf(evidence)) })
    })),
    best: best.map(({ quality, parameters }) => ({ quality, parameters: tensorsOf(parameters) })),
    ...(state && { state: { step: state.step, tensors: tensorsOf(state.tensors) } })
  }
}

function tensorsOfEvidence(evidence: Evidence): Floats {
  const known = [...FROM_FEATURES, ...FROM_OUTSIDE].flatMap((name) => {
    const data = evidence[name]
    return data ? [[name, floats([data.length], data)] as const] : []
  })
  return Object.fromEntries(known)
}

function evidenceOfTensors(tensors: Floats): Evidence {
  const of = (name: string): Float32Array => tensors[name]?.data ?? new Float32Array()
  return {
    coarse: of('coarse'),
    fine: of('fine'),
    nearDuplicates: of('nearDuplicates'),
    ...Object.fromEntries(
      FROM_OUTSIDE.flatMap((name) => (tensors[name] ? [[name, of(name)]] : []))
    )
  }
}

function parsed(text: string): v.InferOutput<typeof Text> | undefined {
  try {
    const result = v.safeParse(Text, JSON.parse(text))
    return result.success ? result.output : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** 64 bits, as text, that stand for a text and arrays. No secret: to tell runs apart. */
export function digestOf(
  text: string,
  arrays: readonly (Uint16Array | Float32Array)[]
): string {
  let [low, high] = [0x811c9dc5, 0x9dc5811c]
  const add = (value: number): void => {
    low = Math.imul(low ^ value, 0x01000193)
    high = Math.imul(high ^ (value + (low >>> 15)), 0x85ebca6b)
  }
  for (let i = 0; i < text.length; i++) add(text.charCodeAt(i))
  for (const array of arrays) {
    const whole = new Uint16Array(array.buffer, array.byteOffset, array.byteLength / 2)
    for (let i = 0; i < whole.length; i++) add(whole[i]!)
  }
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
}
