// PyTorch as an engine of the training bench: a Python process that makes one step at a time, so
// that engines can take turns. Plain Node.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { decodeModel } from '../../../model/onnx/codec.ts'
import { type OnnxAttribute } from '../../../model/onnx/model.ts'
import { encodeSafetensors } from '../../../model/tensor/safetensors.ts'
import { readBackbone } from '../../../model/train/deep/deep-backbone.ts'
import { CANVAS, LAYERS, shippedBackbone, type CaseName } from './cases.ts'

const python = process.env['PYTHON'] ?? 'python3'
const Opened = v.object({ version: v.string(), images: v.number(), learned: v.number() })
const Took = v.object({ total: v.number() })

/** Why PyTorch cannot take part, with what to do about it; undefined when it can. */
export function pytorchMissing(): string | undefined {
  const { status } = spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' })
  if (status === 0) return undefined
  return `${python} cannot import torch: pip install torch, or set PYTHON to one that has it.`
}

export interface Pytorch {
  version: string
  images: number
  /** Numbers that a step changes by gradients. */
  learned: number
  /** One step; milliseconds. */
  step(): Promise<number>
  close(): Promise<void>
}

/** Starts Python with a case. */
export async function startPytorch(name: CaseName): Promise<Pytorch> {
  const script = fileURLToPath(new URL('steps.py', import.meta.url))
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  async function tell(task: object): Promise<unknown> {
    child.stdin.write(`${JSON.stringify(task)}\n`)
    const { value, done } = await lines.next()
    if (done) throw new Error('pytorch: the Python process ended')
    return JSON.parse(value)
  }
  const folder = mkdtempSync(join(tmpdir(), 'kindred-pytorch-'))
  const [kind, size] = name.split('-')
  const more = kind === 'backbone' || kind === 'deep' ? describeBackbone(folder) : {}
  const batch = size ? Number(size) : kind === 'head' ? 256 : 32
  const open = { task: 'open', kind, device: 'cpu', batch, ...more }
  const opened = v.parse(Opened, await tell(open))
  rmSync(folder, { recursive: true })
  return {
    ...opened,
    step: async () => v.parse(Took, await tell({ task: 'step' })).total,
    async close() {
      child.stdin.end()
      if (child.exitCode === null) await once(child, 'exit')
    }
  }
}

/** The backbone's nodes and weights in a form that Python reads without a library. */
function describeBackbone(folder: string): object {
  const { card, bytes } = shippedBackbone()
  const { nodes, initializers } = decodeModel(bytes)
  const weights = join(folder, 'weights.safetensors')
  const tensors = Object.fromEntries([...initializers].filter(([, { shape }]) => shape.length > 0))
  writeFileSync(weights, encodeSafetensors({ tensors, notes: {} }))
  const integers = (attribute: OnnxAttribute | undefined, otherwise: number[]): readonly number[] =>
    attribute && 'ints' in attribute ? attribute.ints : otherwise
  const described = nodes.map(({ operator, inputs, outputs, attributes }) => ({
    operator,
    inputs,
    output: outputs[0],
    pads: integers(attributes.pads, [0, 0, 0, 0]),
    strides: integers(attributes.strides, [1, 1]),
    group: attributes.group && 'int' in attributes.group ? attributes.group.int : 1
  }))
  const trained = readBackbone(bytes, card, LAYERS, 2).parameters.map(({ input }) => input.name)
  const { mean, scale } = card.input
  return { nodes: described, weights, trained, mean, scale, side: CANVAS.width }
}
