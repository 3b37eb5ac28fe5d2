// Backbones in 8 bits: the shipped one computes rightly here in the way that is chosen, and one
// that does not is never used, whatever it gives.
import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { openAt } from '../../../main/compute/backbone.ts'
import { openBackbone, openQuantized } from '../../../main/compute/backbone-folder.ts'
import { Backbones } from '../../../main/compute/backbones.ts'
import { isKnownAnswer, knownPicture } from '../../../main/compute/known-picture.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { INTEGER_WAYS, type IntegerWay } from '../../../model/learning.ts'
import { parseCard, toHalves } from '../../../model/retrieval.ts'
import { temporaryFolder } from '../../support/library.ts'

const SHIPPED = join(import.meta.dirname, '../../../model/backbones')
const NAME = 'efficientnet-lite0-8-bit'
const float = parseCard(JSON.parse(readFileSync(join(SHIPPED, 'efficientnet-lite0.json'), 'utf8')))
const card = parseCard(JSON.parse(readFileSync(join(SHIPPED, `${NAME}.json`), 'utf8')))

/** The shipped backbones, the card of the one in 8 bits changed. */
function changed(t: TestContext, change: (card: Record<string, unknown>) => void): string {
  const folder = temporaryFolder(t)
  for (const name of readdirSync(SHIPPED)) copyFileSync(join(SHIPPED, name), join(folder, name))
  const own = JSON.parse(readFileSync(join(SHIPPED, `${NAME}.json`), 'utf8'))
  change(own)
  writeFileSync(join(folder, `${NAME}.json`), JSON.stringify(own))
  return folder
}

async function answerOf(file: string, about: typeof card, integers: IntegerWay) {
  const source = { file: join(SHIPPED, file), card: about, restAfter: 1000, integers }
  const backbone = await openAt(source, 'cpu')
  try {
    return await backbone.run(knownPicture(about), 1)
  } finally {
    await backbone.dispose()
  }
}

for (const way of ['exact', 'floats'] as const)
  test(`every processor gives the known answer in the way "${way}"`, async () => {
    assert.ok(isKnownAnswer(card, await answerOf(card.file, card, way)))
  })

test('the float backbone gives another answer, and so does no backbone at all', async () => {
  const other = await answerOf(float.file, float, 'fastest')
  assert.equal(isKnownAnswer(card, other), false)
  assert.equal(isKnownAnswer(card, new Float32Array(other.length)), false, 'not a number')
  assert.equal(isKnownAnswer(card, other.subarray(1)), false, 'of another length')
  assert.equal(isKnownAnswer(float, other), false, 'a card without an answer')
})

test('the first way that is right is taken; only the fastest serves new libraries', async () => {
  const isRight: [IntegerWay, boolean][] = []
  for (const way of Object.keys(INTEGER_WAYS) as IntegerWay[])
    isRight.push([way, isKnownAnswer(card, await answerOf(card.file, card, way))])
  const first = isRight.find(([, right]) => right)?.[0]
  const backbones = await Backbones.open(SHIPPED, () => undefined)
  try {
    assert.deepEqual(backbones.shipped, [
      { sha256: float.sha256, arithmetic: 'float', way: 'fastest' },
      { sha256: card.sha256, arithmetic: '8-bit', way: first }
    ])
    const expected = first === 'fastest' ? card.sha256 : float.sha256
    assert.equal(backbones.preferred.card.sha256, expected)
    assert.equal((await backbones.get(card.sha256)).card.sha256, card.sha256)
    assert.equal((await backbones.trainable(card.sha256)).card.sha256, float.sha256)
    await backbones.move('cpu')
    assert.equal((await backbones.get(card.sha256)).provider, 'cpu')
  } finally {
    await backbones.dispose()
  }
})

test('where no way gives the answer of the card, float serves, and 8 bits are refused', async (t) => {
  const wrong = toHalves(await answerOf(float.file, float, 'fastest'))
  const known = Buffer.from(wrong.buffer).toString('base64')
  const folder = changed(t, (own) => (own.quantized = { of: float.sha256, known }))
  const backbones = await Backbones.open(folder, () => undefined)
  t.after(() => backbones.dispose())
  assert.equal(backbones.preferred, backbones.float)
  assert.equal(backbones.shipped[1]?.way, null)
  await assert.rejects(backbones.get(card.sha256), (error) => isFault(error, 'device'))
})

test('one that was made of another float backbone is none of ours', async (t) => {
  const folder = changed(t, (own) => {
    own.quantized = { ...card.quantized, of: '1'.repeat(64) }
  })
  const backbone = await openBackbone(folder)
  t.after(() => backbone.dispose())
  assert.equal(await openQuantized(folder, backbone), undefined)
})

test('one whose file or card is not what it should be is a bad model', async (t) => {
  const size = changed(t, (own) => (own.output = { name: 'features', size: 7 }))
  const gone = changed(t, () => undefined)
  rmSync(join(gone, card.file))
  const half = changed(t, (own) => delete own.quantized)
  for (const folder of [size, gone, half])
    await assert.rejects(
      Backbones.open(folder, () => undefined),
      (error) => isFault(error, 'bad-model')
    )
})
