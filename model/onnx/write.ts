// Writes a graph as an ONNX model. Any process.
import { inOrder } from '../graph/graph.ts'
import { GraphError } from '../graph/ops.ts'
import type { Apply, OpName, Value } from '../graph/ops.ts'
import { simplify } from '../graph/simplify.ts'
import { floats, sameTensorType, tensorFrom } from '../tensor/tensor.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { encodeModel } from './codec.ts'
import { OPSET } from './model.ts'
import type { OnnxAttribute, OnnxNode, OnnxValue } from './model.ts'
import { lowerings } from './operators.ts'
import type { Attributes, Emitter, Lowering } from './operators.ts'

export interface OnnxGraph {
  /** Values to be given back, by name. */
  readonly outputs: Readonly<Record<string, Value>>
  /** Inputs that are written into the file with these values instead of being fed. */
  readonly initializers?: Readonly<Record<string, Tensor>>
  /** Name of the graph in the file. */
  readonly name?: string
}

/**
 * The bytes of a model that computes the outputs from their inputs, which keep their names; the
 * graph is simplified first. Inputs that no output needs are not in the model. The same graph gives
 * the same bytes.
 * @throws GraphError when two inputs, or an input and an output, share a name, or an initializer
 *   does not fit its input
 */
export function writeOnnx({ outputs, initializers = {}, name = 'kindred' }: OnnxGraph): Uint8Array {
  const names = Object.keys(outputs)
  const values = simplify(Object.values(outputs))
  const order = inOrder(values)
  const writer = new Writer(initializers, outerNames(order, names))
  for (const value of order) writer.add(value)
  const results = values.map((value, at) => writer.output(value, names[at] ?? ''))
  return encodeModel({
    name,
    opset: OPSET,
    nodes: writer.renamed(),
    initializers: writer.initializers,
    inputs: writer.inputs,
    outputs: results
  })
}

/** The names that a caller gave, of inputs and outputs: each once, and none for what is inside. */
function outerNames(order: readonly Value[], outputs: readonly string[]): Set<string> {
  const taken = new Set<string>()
  for (const value of order) {
    if (value.kind !== 'input') continue
    if (taken.has(value.name))
      throw new GraphError(`input ${value.name}: expected one input of that name, got two`)
    taken.add(value.name)
  }
  for (const name of outputs) {
    if (taken.has(name))
      throw new GraphError(`output ${name}: expected a name that no input has, got ${name}`)
    taken.add(name)
  }
  return taken
}

class Writer implements Emitter {
  readonly inputs: OnnxValue[] = []
  readonly initializers = new Map<string, Tensor>()
  readonly #nodes: OnnxNode[] = []
  readonly #given: Readonly<Record<string, Tensor>>
  readonly #taken: Set<string>
  readonly #names = new Map<Value, string>()
  readonly #written = new Map<string, readonly string[]>()
  readonly #renamed = new Map<string, string>()
  #op = ''

  /** @param taken names that stand for other values already */
  constructor(given: Readonly<Record<string, Tensor>>, taken: Set<string>) {
    this.#given = given
    this.#taken = taken
  }

  add(value: Value): void {
    if (value.kind === 'input') this.#input(value.name, value)
    else if (value.kind === 'constant') this.#names.set(value, this.#constant(value.tensor))
    else this.#names.set(value, this.#lower(value))
  }

  /** Gives the value the name of an output, or a copy of it where it has a name already. */
  output(value: Value, name: string): OnnxValue {
    const held = this.#names.get(value) ?? ''
    if (value.kind === 'apply' && !this.#renamed.has(held)) this.#renamed.set(held, name)
    else this.#nodes.push(onnxNode('Identity', `output ${name}`, [held], [name], {}))
    return { name, type: value.type, shape: value.shape }
  }

  /** The nodes, with the names of outputs in place of those they had. */
  renamed(): OnnxNode[] {
    const name = (held: string): string => this.#renamed.get(held) ?? held
    return this.#nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(name),
      outputs: node.outputs.map(name)
    }))
  }

  node(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.nodeOutput(operator, inputs, attributes, 1, 0)
  }

  nodeOutput(
    operator: string,
    inputs: readonly string[],
    attributes: Attributes,
    count: number,
    place: number
  ): string {
    const key = JSON.stringify([operator, inputs, attributes])
    let outputs = this.#written.get(key)
    if (!outputs) {
      const number = this.#nodes.length
      outputs = Array.from({ length: count }, (_, at) =>
        this.#free(`%${number}${count > 1 ? `.${at}` : ''}`)
      )
      this.#nodes.push(onnxNode(operator, `${number} ${this.#op}`, inputs, outputs, attributes))
      this.#written.set(key, outputs)
    }
    return outputs[place] ?? ''
  }

  integers(values: readonly number[]): string {
    return this.#shared(tensorFrom('i64', [values.length], values), `i64 ${values.join()}`)
  }

  float(value: number): string {
    return this.#shared(floats([], [value]), `f32 ${value}`)
  }

  #shared(tensor: Tensor, key: string): string {
    const held = this.#written.get(key)?.[0]
    if (held !== undefined) return held
    const name = this.#constant(tensor)
    this.#written.set(key, [name])
    return name
  }

  #constant(tensor: Tensor): string {
    const name = this.#free(`#${this.initializers.size}`)
    this.initializers.set(name, tensor)
    return name
  }

  /** The name, or one like it where it is taken: a file that was read may have given it out. */
  #free(name: string): string {
    let free = name
    while (this.#taken.has(free)) free += "'"
    this.#taken.add(free)
    return free
  }

  #input(name: string, value: Value): void {
    const initializer = this.#given[name]
    this.#names.set(value, name)
    if (!initializer) {
      this.inputs.push({ name, type: value.type, shape: value.shape })
    } else if (sameTensorType(initializer, value)) {
      this.initializers.set(name, initializer)
    } else {
      throw new GraphError(
        `initializer ${name}: expected ${value.type}[${value.shape.join(',')}], ` +
          `got ${initializer.type}[${initializer.shape.join(',')}]`
      )
    }
  }

  #lower<K extends OpName>(value: Apply<K>): string {
    const lowering: Lowering<K> = lowerings[value.op]
    this.#op = value.op
    return lowering(
      this,
      value.inputs.map((x) => this.#names.get(x) ?? ''),
      value
    )
  }
}

function onnxNode(
  operator: string,
  name: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, OnnxAttribute>>
): OnnxNode {
  return { operator, name, domain: '', inputs, outputs, attributes }
}
