// Folders of backbones for tests of arithmetic: the shipped ones, those of a Kindred that had none
// in 8 bits, and those on a processor that computes in 8 bits wrongly. Test code only.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseCard } from '../../model/retrieval.ts'
import type { Card } from '../../model/retrieval.ts'

export const SHIPPED = fileURLToPath(new URL('../../model/backbones', import.meta.url))
const NAME = 'efficientnet-lite0'

function cardOf(name: string): Card {
  return parseCard(JSON.parse(readFileSync(join(SHIPPED, `${name}.json`), 'utf8')))
}

/** The shipped cards. */
export const FLOAT = cardOf(NAME)
export const EIGHT_BIT = cardOf(`${NAME}-8-bit`)

/** Makes a folder without the backbone in 8 bits. */
export function withoutEightBit(folder: string): string {
  cpSync(SHIPPED, folder, { recursive: true })
  rmSync(join(folder, EIGHT_BIT.file))
  rmSync(join(folder, `${EIGHT_BIT.name}.json`))
  return folder
}

/** Makes a folder whose card in 8 bits has another answer than any processor gives. */
export function withWrongAnswer(folder: string): string {
  cpSync(SHIPPED, folder, { recursive: true })
  const path = join(folder, `${EIGHT_BIT.name}.json`)
  const known = Buffer.from(new Uint16Array(EIGHT_BIT.output.size).fill(0x3c00).buffer) // all 1
  const quantized = { of: FLOAT.sha256, known: known.toString('base64') }
  writeFileSync(path, JSON.stringify({ ...EIGHT_BIT, quantized }))
  return folder
}
