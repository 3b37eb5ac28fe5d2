// The schema of backbone cards, and the shipped card with its backbone.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { CardError, checkBackbone, parseCard } from '../../../model/image/card.ts'

const BACKBONES = new URL('../../../model/backbones/', import.meta.url)

function shipped(): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL('efficientnet-lite0.json', BACKBONES), 'utf8'))
}

/** The shipped card with one field, named by its path, set to a value. */
function changed(path: string, value: unknown): unknown {
  const card = shipped()
  const names = path.split('.')
  const last = names.pop() ?? ''
  const parent = names.reduce<Record<string, unknown>>(
    (at, name) => at[name] as Record<string, unknown>,
    card
  )
  parent[last] = value
  return card
}

test('the shipped card is valid and its backbone has its sha-256', () => {
  const card = parseCard(shipped())
  const bytes = readFileSync(new URL(card.file, BACKBONES))
  checkBackbone(card, createHash('sha256').update(bytes).digest('hex'))
  assert.deepEqual(card.input.resize, {
    shortSide: 224,
    filter: 'bicubic',
    antialias: true,
    crop: 'centre'
  })
  assert.equal(card.output.size, 1280)
})

test('another file than the one the card is about is refused', () => {
  const card = parseCard(shipped())
  assert.throws(() => checkBackbone(card, '0'.repeat(64)), CardError)
})

const WRONG: [path: string, value: unknown][] = [
  ['sha256', 'ABC'],
  ['file', '../elsewhere.onnx'],
  ['file', 'script.js'],
  ['input.layout', 'NHWC'],
  ['input.size', 0],
  ['input.size', 22.5],
  ['input.size', 1000], // larger than the short side
  ['input.resize', 'short side to 224, bicubic, centre crop'],
  ['input.resize.filter', 'nearest'],
  ['input.resize.antialias', false],
  ['input.mean', [127, 127]],
  ['input.scale', [128, 0, 128]],
  ['input.scale', [128, Number.NaN, 128]],
  ['output.size', -1],
  ['licence', undefined]
]
for (const [path, value] of WRONG) {
  test(`a card whose ${path} is ${JSON.stringify(value)} is refused by name`, () => {
    assert.throws(
      () => parseCard(changed(path, value)),
      (error) => error instanceof CardError && error.message.includes(path.split('.')[0] ?? path)
    )
  })
}

test('anything that is no card is refused', () => {
  for (const value of [null, 7, 'card', [], {}]) assert.throws(() => parseCard(value), CardError)
})
