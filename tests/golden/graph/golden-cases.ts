// The golden values of all ops: ops.json, checked on reading.
import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { shapes } from '../../../model/graph/shapes.ts'
import type { OpName, OpParams } from '../../../model/graph/ops.ts'

const opNames = new Set(Object.keys(shapes))
const Numbers = v.object({
  type: v.picklist(['f32', 'i32', 'bool']),
  shape: v.array(v.number()),
  data: v.array(v.number())
})
const GoldenCase = v.object({
  op: v.custom<OpName>((name) => typeof name === 'string' && opNames.has(name)),
  params: v.custom<OpParams[OpName]>((params) => typeof params === 'object'),
  inputs: v.array(Numbers),
  result: Numbers,
  cotangent: v.optional(v.array(v.number())),
  gradients: v.optional(v.array(v.nullable(v.array(v.number()))))
})
export type GoldenCase = v.InferOutput<typeof GoldenCase>

/** Every case of ops.json, whose header says where its numbers come from. */
export function goldenCases(): GoldenCase[] {
  const text = readFileSync(new URL('./ops.json', import.meta.url), 'utf8')
  return v.parse(v.object({ cases: v.array(GoldenCase) }), JSON.parse(text)).cases
}
