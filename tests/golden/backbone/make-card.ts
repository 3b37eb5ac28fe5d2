// Writes the card of the backbone in 8 bits: that of the float one, with what is its own. The
// answer to the known picture is what this machine makes of it, which therefore has to compute
// rightly: it is held against the way in float, which is right everywhere. Run by hand, see
// make-8-bit.py.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256Of } from '../../../main/compute/backbone.ts'
import { isKnownAnswer, knownPicture } from '../../../main/compute/known-picture.ts'
import { floats, floatsIn, openSession, type IntegerWay } from '../../../model/learning.ts'
import { parseCard, toHalves } from '../../../model/retrieval.ts'

const FOLDER = 'model/backbones'
const NAME = 'efficientnet-lite0'

const own: Record<string, unknown> = JSON.parse(
  readFileSync(join(FOLDER, `${NAME}.json`), 'utf8')
)
const float = parseCard(own)
const file = `${NAME}-8-bit.onnx`
const bytes = readFileSync(join(FOLDER, file))

async function answer(integers: IntegerWay): Promise<Float32Array> {
  const session = await openSession(bytes, { integers })
  const { name, size } = float.input
  const out = await session.run({ [name]: floats([1, 3, size, size], knownPicture(float)) })
  await session.dispose()
  return floatsIn(out[float.output.name], float.output.name)
}

function inBase64(values: Float32Array): string {
  return Buffer.from(toHalves(values).buffer).toString('base64')
}

async function main(): Promise<void> {
  const card = {
    ...own,
    name: `${NAME}-8-bit`,
    title: `${float.title}, in 8 bits`,
    file,
    sha256: sha256Of(bytes),
    arithmetic: '8-bit',
    quantized: { of: float.sha256, known: inBase64(await answer('fastest')) },
    operators: 'Add Conv DequantizeLinear Flatten GlobalAveragePool QuantizeLinear'.split(' '),
    changes: `made of ${float.file} by tests/golden/backbone/make-8-bit.py`,
    figures: undefined
  }
  const parsed = parseCard(card)
  if (!isKnownAnswer(parsed, await answer('floats')))
    throw new Error('this processor does not compute in 8 bits rightly: take another one')
  writeFileSync(join(FOLDER, `${card.name}.json`), `${JSON.stringify(card, null, 2)}\n`)
  console.log(`${card.name}: ${bytes.length} bytes, sha256 ${card.sha256}`)
}

void main()
