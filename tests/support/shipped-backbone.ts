// The shipped backbone as tests and benches take it. Test code only.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseCard, type Card } from '../../model/image/card.ts'

const BACKBONES = '../../model/backbones/'

/** The shipped backbone's card and ONNX file. */
export function shippedBackbone(): { card: Card; bytes: Uint8Array } {
  const read = (name: string): Buffer =>
    readFileSync(fileURLToPath(new URL(BACKBONES + name, import.meta.url)))
  const card = parseCard(JSON.parse(read('efficientnet-lite0.json').toString()))
  return { card, bytes: new Uint8Array(read(card.file)) }
}
