// Errors of ONNX Runtime itself, while photos are indexed: its backbone was replaced by a valid
// model, with a fitting card, that computes for the picture of the warm-up and for no photo. No
// photo fails, nothing that is known of one is lost, and with the right file work goes on.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import { createEngine } from '../../../main/engine/engine.ts'
import { encodeModel, floats, tensorFrom } from '../../../model/learning.ts'
import type { OnnxAttribute, OnnxNode, Tensor } from '../../../model/learning.ts'
import { parseCard } from '../../../model/retrieval.ts'
import type { Card } from '../../../model/retrieval.ts'
import { superviseCompute } from '../../support/compute.ts'
import { atEnd } from '../../support/endings.ts'
import { ask, kinOf } from '../../support/library.ts'
import { makePhotos } from '../../support/photos.ts'
import { sha256 } from '../../support/tiny-backbone.ts'
import { described, isWell, whenProgress } from '../../support/waiting.ts'

const PHOTOS = 12
const BACKBONES = 'model/backbones'
const CARD = 'efficientnet-lite0.json'

const home = mkdtempSync(join(tmpdir(), 'kindred-failing-'))
const [photos, more] = [join(home, 'photos'), join(home, 'more')]
before(async () => {
  await makePhotos(photos, PHOTOS, { seed: 31, size: 64 })
  await makePhotos(more, PHOTOS, { seed: 32, size: 64 })
})
after(() => rmSync(home, { recursive: true, force: true }))

/** Nothing is tried again by itself in a test: what brings photos on is the right file. */
const each = { first: 3600_000, most: 3600_000 }
const LATER = { photo: each, folder: each, library: each, program: each }

function node(
  operator: string,
  inputs: string[],
  output: string,
  attributes: Record<string, OnnxAttribute> = {}
): OnnxNode {
  return { operator, name: output, domain: '', inputs, outputs: [output], attributes }
}

/** `brightest` is 0 for the black picture of the warm-up, and 1 for any photo. */
const BRIGHTEST = [
  node('Abs', ['pixels'], 'absolute'),
  node('ReduceMax', ['absolute'], 'most', { keepdims: { int: 0 } }),
  node('Ceil', ['most'], 'rounded'),
  node('Clip', ['rounded', 'zero', 'one'], 'clipped'),
  node('Cast', ['clipped'], 'brightest', { to: { int: 7 } }) // 7: int64
]

/** The mean colours of a photo, made as long as features are. */
const COLOURS = [
  node('GlobalAveragePool', ['pixels'], 'mean'),
  node('Flatten', ['mean'], 'colours'),
  node('MatMul', ['colours', 'spread'], 'long')
]

/** What fails, and how compute tells of it. */
const FAILING: Record<string, { nodes: OnnxNode[]; kind: string; received: RegExp }> = {
  'that ONNX Runtime gives up on': {
    // Row 1 of a table of one row.
    nodes: [
      node('Gather', ['table', 'brightest'], 'row'),
      node('Add', ['long', 'row'], 'features')
    ],
    kind: 'device',
    received: /out of data bounds/
  },
  'whose output has another shape': {
    // Twice as many rows as photos.
    nodes: [
      node('Add', ['brightest', 'once'], 'times'),
      node('Concat', ['times', 'once'], 'repeats', { axis: { int: 0 } }),
      node('Tile', ['long', 'repeats'], 'features')
    ],
    kind: 'bad-model',
    received: /features: expected f32\[\d+,1280\], got f32\[\d+,1280\]/
  }
}

function failingModel(nodes: readonly OnnxNode[], { input, output }: Card): Uint8Array {
  const { size } = output
  const initializers = new Map<string, Tensor>([
    ['zero', floats([], [0])],
    ['one', floats([], [1])],
    ['once', tensorFrom('i64', [1], [1])],
    ['table', floats([1, size], new Float32Array(size))],
    ['spread', floats([3, size], new Float32Array(3 * size).fill(1))]
  ])
  return encodeModel({
    name: 'failing',
    opset: 17,
    nodes: [...BRIGHTEST, ...COLOURS, ...nodes],
    initializers,
    inputs: [{ name: input.name, type: 'f32', shape: ['batch', 3, input.size, input.size] }],
    outputs: [{ name: output.name, type: 'f32', shape: ['rows', size] }]
  })
}

for (const [what, { nodes, kind, received }] of Object.entries(FAILING))
  test(`a backbone ${what}`, async (context) => {
    const own = mkdtempSync(join(home, 'test-'))
    const [library, backbones] = [join(own, 'library'), join(own, 'backbones')]
    cpSync(BACKBONES, backbones, { recursive: true })
    const engine = await createEngine({ library, watch: false, settle: 0, spacing: LATER })
    const compute = await superviseCompute((port) => engine.attachCompute(port), backbones)
    atEnd(context, async () => {
      await engine.close()
      await compute.stop()
    })
    await engine.addFolder(photos)
    await engine.idle()
    assert.deepEqual([engine.status().indexed, described(library)], [PHOTOS, PHOTOS])
    const kin = await kinOf(engine, ask({ id: 1 }, PHOTOS))

    const card = parseCard(JSON.parse(readFileSync(join(BACKBONES, CARD), 'utf8')))
    const bytes = failingModel(nodes, card)
    rmSync(backbones, { recursive: true })
    mkdirSync(backbones)
    writeFileSync(join(backbones, card.file), bytes)
    writeFileSync(join(backbones, CARD), JSON.stringify({ ...card, sha256: sha256(bytes) }))
    compute.kill()
    await engine.addFolder(more)
    const { waits } = await whenProgress(
      engine,
      (progress) => progress.waits.length > 0 || progress.failed > 0
    )
    assert.deepEqual(
      waits.map(({ fault }) => [fault.kind, fault.about]),
      [[kind, 'program']],
      'told once, and not of a photo'
    )
    assert.match(waits[0]?.fault.received ?? '', received)
    assert.equal(engine.status().failed, 0)
    assert.equal(described(library), PHOTOS, 'what was known is kept')

    rmSync(backbones, { recursive: true })
    cpSync(BACKBONES, backbones, { recursive: true })
    compute.kill()
    await whenProgress(engine, isWell)
    await engine.idle()
    const { photos: all, indexed, failed } = engine.status()
    assert.deepEqual([all, indexed, failed], [2 * PHOTOS, 2 * PHOTOS, 0])
    assert.equal(described(library), 2 * PHOTOS)
    const now = await kinOf(engine, ask({ id: 1 }, 2 * PHOTOS))
    const scores = new Map(now.map(({ id, score }) => [id, score]))
    for (const { id, score } of kin) assert.equal(scores.get(id), score, `photo ${id}`)
  })
