// One node of an ONNX file as its reader sees it: inputs as values, attributes by name and kind.
// Any process. Every refusal names the operator and its node.
import { constantTensor } from '../graph/evaluate-graph.ts'
import { inOrder } from '../graph/graph.ts'
import type { Value } from '../graph/ops.ts'
import { numbersOf } from '../tensor/tensor.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { OnnxError } from './model.ts'
import type { OnnxAttribute, OnnxNode } from './model.ts'

/** `Conv of node stem`, for messages; a node without a name is called by its output. */
export function subjectOf({ operator, name, outputs }: OnnxNode): string {
  return `${operator} of node ${name || outputs[0] || '(unnamed)'}`
}

/** Makes the outputs of a node, as many as it has names for. */
export type Reader = (node: NodeView) => Value | readonly Value[]

/** A node with what its inputs are; each question fails where the file does not answer it. */
export class NodeView {
  readonly #node: OnnxNode
  readonly #inputs: readonly (Value | undefined)[]
  /** Version of the operator set that the file is written in. */
  readonly opset: number

  constructor(node: OnnxNode, inputs: readonly (Value | undefined)[], opset: number) {
    this.#node = node
    this.#inputs = inputs
    this.opset = opset
  }

  /** Outputs that the node names. */
  get outputCount(): number {
    return this.#node.outputs.length
  }

  /** Inputs that are there. */
  get values(): readonly Value[] {
    return this.#inputs.flatMap((value) => value ?? [])
  }

  /** An input that must be there. */
  value(place: number): Value {
    return this.#inputs[place] ?? this.refuse(`an input ${place}`, 'none')
  }

  optional(place: number): Value | undefined {
    return this.#inputs[place]
  }

  /** An input that must be known while the file is read, as shapes and axes are. */
  constant(place: number): Tensor {
    const value = this.value(place)
    if (inOrder([value]).some(({ kind }) => kind === 'input'))
      this.refuse(`input ${place} to be a constant`, 'one that depends on what is fed')
    return constantTensor(value)
  }

  /** The numbers of a constant input, or undefined where there is none. */
  numbers(place: number): number[] | undefined {
    return this.#inputs[place] ? [...numbersOf(this.constant(place))] : undefined
  }

  has(name: string): boolean {
    return name in this.#node.attributes
  }

  /** The attribute `name` of a kind, or what stands for it where it is absent. */
  int(name: string, absent?: number): number {
    const value = this.#attribute(name)
    if (value && 'int' in value) return value.int
    return value || absent === undefined ? this.refuse(`an integer ${name}`, 'none') : absent
  }

  float(name: string, absent: number): number {
    const value = this.#attribute(name)
    if (!value) return absent
    return 'float' in value ? value.float : this.refuse(`a number ${name}`, 'something else')
  }

  ints(name: string): readonly number[] | undefined {
    const value = this.#attribute(name)
    if (!value) return undefined
    return 'ints' in value ? value.ints : this.refuse(`integers ${name}`, 'something else')
  }

  floats(name: string): readonly number[] | undefined {
    const value = this.#attribute(name)
    if (!value) return undefined
    return 'floats' in value ? value.floats : this.refuse(`numbers ${name}`, 'something else')
  }

  text(name: string, absent: string): string {
    const value = this.#attribute(name)
    if (!value) return absent
    return 'string' in value ? value.string : this.refuse(`a text ${name}`, 'something else')
  }

  tensor(name: string): Tensor | undefined {
    const value = this.#attribute(name)
    if (!value) return undefined
    return 'tensor' in value ? value.tensor : this.refuse(`a tensor ${name}`, 'something else')
  }

  /** Fails unless what the file says is what the language has. */
  only(condition: boolean, expected: string, received: string | number): void {
    if (!condition) this.refuse(expected, String(received))
  }

  refuse(expected: string, received: string): never {
    throw new OnnxError(`${this.subject}: expected ${expected}, got ${received}`)
  }

  /** For messages. */
  get subject(): string {
    return subjectOf(this.#node)
  }

  #attribute(name: string): OnnxAttribute | undefined {
    return this.#node.attributes[name]
  }
}
