// Resize and crop against bytes that Pillow gave (made by make-pillow-resize.py).
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import type { ResizeRule } from '../../../model/image/card.ts'
import { resizedReference } from '../../../model/image/preprocess-reference.ts'
import { exampleCard, noisePhoto } from '../../support/noise.ts'

interface Case {
  width: number
  height: number
  filter: ResizeRule['filter']
  sha256: string
  start: number[]
}
const golden = JSON.parse(
  readFileSync(new URL('./pillow-resize.json', import.meta.url), 'utf8')
) as { shortSide: number; size: number; cases: Case[] }

for (const { width, height, filter, sha256, start } of golden.cases) {
  test(`resize and crop equal Pillow's to the byte: ${width} x ${height}, ${filter}`, () => {
    const { shortSide, size } = golden
    const resize = { shortSide, filter, antialias: true as const, crop: 'centre' as const }
    const photo = noisePhoto(width, height)
    const square = resizedReference(photo.rgb, width, height, exampleCard({ size, resize }))
    assert.deepEqual([...square.subarray(0, 12)], start)
    assert.equal(createHash('sha256').update(square).digest('hex'), sha256)
  })
}
