// What counts as one photo, on real pictures: slight variants of a picture do, and hardly any other
// view of the same thing. Skipped where the photos are missing.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import sharp from 'sharp'
import { multiplyInRuntime } from '../../../main/compute/multiply-in-runtime.ts'
import { fitFirstQuantizer } from '../../../model/retrieval.ts'
import { project } from '../../../model/quant/encode.ts'
import { PROJECTED } from '../../../model/quant/projection.ts'
import { ALIKE } from '../../../model/train/head/near-duplicates.ts'
import { frozenRows } from '../../../model/train/head/neighbour-graph.ts'
import { PHOTOS, describe, featuresOf, filesOf } from '../../support/features.ts'

const SET = 'same-thing' // four views of each thing
const EVERY = 10 // so many pictures further is the next that is varied
const QUALITY = 90

/** A picture as other programs might save it again. */
async function variantsOf(picture: Buffer): Promise<Buffer[]> {
  const { width, height } = await sharp(picture).metadata()
  const [left, top] = [Math.round(width / 50), Math.round(height / 50)]
  const inner = { left, top, width: width - 2 * left, height: height - 2 * top }
  const smaller = [Math.round(width * 0.9), Math.round(height * 0.9)] as const
  const all = [
    sharp(picture),
    sharp(picture).resize(...smaller, { fit: 'fill' }),
    sharp(picture).extract(inner)
  ]
  return Promise.all(all.map((one) => one.jpeg({ quality: QUALITY }).toBuffer()))
}

test('a near duplicate is as near to a picture as its own slight variants', async (t) => {
  const [set, files] = [await featuresOf(SET), filesOf(SET)]
  if (!set || !files) return t.skip(`no photos in ${PHOTOS}`)
  const { n, features, labels } = set
  const fit = { ...set, bits: 16, seed: 1, backbone: '0'.repeat(64) }
  const { projection } = await fitFirstQuantizer({ ...fit, multiply: multiplyInRuntime })
  const rowsOf = async (described: Uint16Array): Promise<Float32Array> =>
    frozenRows(await project(projection, described, multiplyInRuntime), projection)
  const rows = await rowsOf(features)
  const cosine = (a: Float32Array, i: number, b: Float32Array, j: number): number => {
    let sum = 0
    for (let at = 0; at < PROJECTED; at++)
      sum += a[i * PROJECTED + at]! * b[j * PROJECTED + at]!
    return sum
  }
  const share = (cosines: readonly number[]): number =>
    cosines.filter((one) => one >= ALIKE).length / cosines.length

  const varied = [...labels.keys()].filter((place) => place % EVERY === 0)
  const each = await Promise.all(varied.map((place) => variantsOf(readFileSync(files[place]!))))
  const variants = await rowsOf(await describe(each.flat()))
  const toItself = each.flatMap((some, place) =>
    some.map((_, one) => cosine(rows, varied[place]!, variants, place * some.length + one))
  )
  const toOthers: number[] = []
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n && labels[j] === labels[i]; j++)
      toOthers.push(cosine(rows, i, rows, j))
  const [same, other] = [share(toItself), share(toOthers)]
  t.diagnostic(`near duplicates: ${same} of ${toItself.length} variants, ${other} of other views`)
  assert.ok(same >= 0.95, `${same} of the variants, expected nineteen of twenty`)
  assert.ok(other < 0.1, `${other} of the other views of a thing`)
})
