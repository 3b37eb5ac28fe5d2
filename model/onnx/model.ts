// An ONNX model as plain objects, whatever it is read from or written to. Pure.
import type { ElementType, Tensor } from '../tensor/tensor.ts'

/** The operator set that is written. */
export const OPSET = 17

/** The value of a node's attribute, by kind. */
export type OnnxAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly tensor: Tensor }
  /** Of a type that is not read, as subgraphs: its code. Only who asks for it is refused. */
  | { readonly unread: number }

export interface OnnxNode {
  /** Operator, such as `Conv`. */
  readonly operator: string
  readonly name: string
  /** '' is the standard operator set. */
  readonly domain: string
  /** Names of values; '' stands for an optional input that is left out. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, OnnxAttribute>>
}

export interface OnnxValue {
  readonly name: string
  readonly type: ElementType
  /** A text is a symbolic length, such as a batch left open. */
  readonly shape: readonly (number | string)[]
}

/** Files need not say the shape of what they give. */
export type OnnxOutput = Omit<OnnxValue, 'shape'> & { readonly shape?: OnnxValue['shape'] }

export interface OnnxModel {
  /** Name of the graph. */
  readonly name: string
  /** Version of the standard operator set. */
  readonly opset: number
  readonly nodes: readonly OnnxNode[]
  readonly initializers: ReadonlyMap<string, Tensor>
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxOutput[]
}

/** Bytes that are no ONNX model, or one with something in it that Kindred does not read. */
export class OnnxError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'OnnxError'
  }
}
