// What turns a feature into a projected feature, a descriptor and a code; and how it is kept: a
// small record whose weights are one block of bytes. Pure; parsing trusts nothing.
import * as v from 'valibot'
import { K } from './codes.ts'
import type { Codebooks } from './codes.ts'
import { PROJECTED } from './projection.ts'
import type { Projection } from './projection.ts'

/**
 * From projected features p [256] to descriptors [M*L], before these get length sqrt(M):
 *   linear    p x weight + bias
 *   residual  p x weight + bias + relu(p x hiddenWeight + hiddenBias) x outputWeight
 */
export type Head =
  | { kind: 'linear'; weight: Float32Array; bias: Float32Array } // [256, M*L], [M*L]
  | {
      kind: 'residual'
      weight: Float32Array
      bias: Float32Array
      hiddenWeight: Float32Array // [256, H]
      hiddenBias: Float32Array // [H]
      outputWeight: Float32Array // [H, M*L]
    }

export interface Quantizer {
  /** sha-256 of the ONNX file whose features it was fitted on. */
  backbone: string
  /** Photos it was fitted on. */
  fittedOn: number
  projection: Projection
  head: Head
  codebooks: Codebooks
  /** Photos' descriptors are averaged with their kin's before they get codes (METHOD.md 4.9). */
  averages?: boolean
}

/** The version of this layout; a record of another version is refused. */
export const QUANTIZER_VERSION = 1

const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1 << 24))

/**
 * A quantizer as it is kept and sent. `weights`: four uint32 (kind: 0 linear, 1 residual, plus 2
 * where descriptors are averaged; D; 256; H, 0 for linear), then float32: mean [D], projection [D,
 * 256], weight [256, M*L], bias [M*L], for a residual head hiddenWeight [256, H], hiddenBias [H],
 * outputWeight [H, M*L], then codebooks [M, K, L]. All little-endian.
 */
export const QuantizerRecord = v.object({
  version: v.literal(QUANTIZER_VERSION),
  backbone: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  M: v.pipe(count, v.multipleOf(2)),
  K: v.literal(K),
  L: count,
  fittedOn: count,
  weights: v.instance(Uint8Array)
})
export type QuantizerRecord = Omit<v.InferOutput<typeof QuantizerRecord>, 'version' | 'K'> & {
  version: number
  K: number
}

/** A record that is no quantizer, or one of another version. */
export class QuantizerError extends Error {
  constructor(subject: string, expected: string, received: string) {
    super(`${subject}: expected ${expected}, got ${received}`)
    this.name = 'QuantizerError'
  }
}

const KINDS = ['linear', 'residual'] as const
/** Added to the kind. */
const AVERAGES = 2
const HEADER = 4 // uint32

/** Lengths, in numbers, of the parts of the block, in their order. */
function partLengths(D: number, M: number, L: number, hidden: number): number[] {
  const head = [PROJECTED * M * L, M * L]
  if (hidden > 0) head.push(PROJECTED * hidden, hidden, hidden * M * L)
  return [D, D * PROJECTED, ...head, M * K * L]
}

/** Whether a quantizer averages descriptors, by its record alone. */
export function averages({ weights }: { weights: Uint8Array }): boolean {
  return weights.byteLength > 0 && weights[0]! >= AVERAGES
}

/** The record of a quantizer. Throws RangeError when its parts do not fit each other. */
export function serialiseQuantizer(quantizer: Quantizer): QuantizerRecord {
  const { backbone, fittedOn, projection, head, codebooks } = quantizer
  const { M, L } = codebooks
  const D = projection.mean.length
  const hidden = head.kind === 'residual' ? head.hiddenBias.length : 0
  const parts = [projection.mean, projection.matrix, head.weight, head.bias]
  if (head.kind === 'residual') parts.push(head.hiddenWeight, head.hiddenBias, head.outputWeight)
  parts.push(codebooks.values)
  partLengths(D, M, L, hidden).forEach((length, i) => {
    if (parts[i]?.length !== length)
      throw new RangeError(
        `quantizer part ${i}: expected ${length} numbers, got ${parts[i]?.length}`
      )
  })
  const total = parts.reduce((sum, part) => sum + part.length, 0)
  const weights = new Uint8Array((HEADER + total) * 4)
  const view = new DataView(weights.buffer)
  const kind = KINDS.indexOf(head.kind) + (quantizer.averages ? AVERAGES : 0)
  const header = [kind, D, PROJECTED, hidden]
  header.forEach((value, i) => view.setUint32(i * 4, value, true))
  let at = HEADER * 4
  for (const part of parts)
    for (let i = 0; i < part.length; i++, at += 4) view.setFloat32(at, part[i]!, true)
  return { version: QUANTIZER_VERSION, backbone, M, K, L, fittedOn, weights }
}

/** The quantizer of a record. Throws QuantizerError unless sizes fit and numbers are finite. */
export function parseQuantizer(record: unknown): Quantizer {
  const parsed = v.safeParse(QuantizerRecord, record)
  if (!parsed.success) {
    const issue = parsed.issues[0]
    const path = v.getDotPath(issue) ?? ''
    throw new QuantizerError(`quantizer ${path}`, issue.expected ?? issue.message, issue.received)
  }
  const { backbone, fittedOn, M, L, weights } = parsed.output
  const view = new DataView(weights.buffer, weights.byteOffset, weights.byteLength)
  if (weights.byteLength < HEADER * 4)
    throw new QuantizerError('quantizer weights', 'a header', `${weights.byteLength} bytes`)
  const [kindCode, D, projected, hidden] = [0, 4, 8, 12].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
    number
  ]
  const averages = kindCode >= AVERAGES
  const kind = KINDS[averages ? kindCode - AVERAGES : kindCode]
  if (!kind || projected !== PROJECTED || (kind === 'linear') !== (hidden === 0))
    throw new QuantizerError(
      'quantizer header',
      'a known kind of head',
      [kindCode, D, projected, hidden].join(' ')
    )
  const lengths = partLengths(D, M, L, hidden)
  const bytes = (HEADER + lengths.reduce((sum, length) => sum + length, 0)) * 4
  if (weights.byteLength !== bytes)
    throw new QuantizerError('quantizer weights', `${bytes} bytes`, `${weights.byteLength}`)
  let at = HEADER * 4
  const parts = lengths.map((length) => {
    const part = new Float32Array(length)
    for (let i = 0; i < length; i++, at += 4) {
      part[i] = view.getFloat32(at, true)
      if (!Number.isFinite(part[i]!))
        throw new QuantizerError(`quantizer weights at byte ${at}`, 'a finite number', `${part[i]}`)
    }
    return part
  })
  const [mean, matrix, weight, bias, ...rest] = parts as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    ...Float32Array[]
  ]
  const values = rest[rest.length - 1]!
  const head: Head =
    kind === 'linear'
      ? { kind, weight, bias }
      : { kind, weight, bias, hiddenWeight: rest[0]!, hiddenBias: rest[1]!, outputWeight: rest[2]! }
  return {
    backbone,
    fittedOn,
    projection: { mean, matrix },
    head,
    codebooks: { M, L, values },
    ...(averages && { averages })
  }
}
