// The models that matter run on webgpu from end to end: the backbone, the steps of learning. (A
// step of the head is run so in providers.test.ts.)
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { parseCard } from '../../../model/image/card.ts'
import { encodeModel } from '../../../model/onnx/codec.ts'
import { openSession, runsHere } from '../../../model/runtime/session.ts'
import { readBackbone } from '../../../model/train/deep/deep-backbone.ts'
import { deepStep } from '../../../model/train/deep/deep-step.ts'
import { headStep } from '../../../model/train/head/head-graph.ts'
import { noiseHead, viewsSetting } from '../../support/head-setting.ts'
import { noiseNumbers } from '../../support/noise.ts'
import { testWholeOnWebgpu } from '../../support/whole-on-webgpu.ts'

const [B, M, L] = [4, 16, 8]
const setting = viewsSetting(10)
const BACKBONES = join(import.meta.dirname, '../../../model/backbones')
const card = parseCard(JSON.parse(readFileSync(join(BACKBONES, 'efficientnet-lite0.json'), 'utf8')))
const backbone = new Uint8Array(readFileSync(join(BACKBONES, card.file)))

testWholeOnWebgpu('the backbone', () => ({ model: backbone }))

testWholeOnWebgpu("the head's step", () => headStep(setting, B, M, L))

testWholeOnWebgpu('the step of deep training', () => {
  const D = card.output.size
  const projection = { mean: noiseNumbers(D, 4), matrix: noiseNumbers(D * 256, 5) }
  const quantizer = { backbone: card.sha256, projection, ...noiseHead(M, L), fittedOn: 256 }
  return deepStep({
    ...{ card, quantizer, setting, rows: 2 * B, canvas: { width: 32, height: 32 } },
    ...{ backbone: readBackbone(backbone, card, 10, 2 * B), backboneShare: 1e-2 }
  })
})

test('an op that webgpu lacks is found out', async (context) => {
  const runs = await runsHere('webgpu')
  if (runs !== true) return context.skip(`no webgpu here: ${runs.message}`)
  const node = { operator: 'Det', name: 'Det', domain: '', inputs: ['x'], outputs: ['y'] }
  const model = encodeModel({
    ...{ name: 'lacking', opset: 17, initializers: new Map() },
    nodes: [{ ...node, attributes: {} }],
    inputs: [{ name: 'x', type: 'f32', shape: [2, 2] }],
    outputs: [{ name: 'y', type: 'f32', shape: [] }]
  })
  const opened = openSession(model, { provider: 'webgpu', cpuFallback: false })
  await assert.rejects(opened, /fallback/i)
})
