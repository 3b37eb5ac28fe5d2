// The card of a backbone: what its ONNX file takes, gives and is. Pure; runs in any process.
// It must not know one backbone from another, and reads no files: compute brings JSON and bytes.
import * as v from 'valibot'

const text = v.pipe(v.string(), v.nonEmpty())
const size = v.pipe(v.number(), v.integer(), v.minValue(1))
const perChannel = v.strictTuple([v.number(), v.number(), v.number()])
const divisors = v.pipe(
  perChannel,
  v.check((scale) => scale.every((value) => value !== 0), 'three numbers other than 0')
)

/** How a photo becomes the input square. Anything a card may ask for is written out here. */
export const ResizeRule = v.object({
  /** Pixels of the short side after the resize; the long side follows (see `resizedSize`). */
  shortSide: size,
  filter: v.picklist(['bilinear', 'bicubic', 'lanczos']),
  /** The filter is widened when shrinking, as Pillow does. The only way that is offered. */
  antialias: v.literal(true),
  crop: v.literal('centre')
})
export type ResizeRule = v.InferOutput<typeof ResizeRule>

const Input = v.pipe(
  v.object({
    name: text,
    layout: v.literal('NCHW'),
    channels: v.picklist(['RGB', 'BGR']),
    size, // pixels of a side of the square
    resize: ResizeRule,
    mean: perChannel, // value = (byte - mean) / scale, in the order of `channels`
    scale: divisors
  }),
  v.check((input) => input.resize.shortSide >= input.size, 'resize.shortSide of at least size')
)

const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits'))

/** In which numbers a backbone computes. Features of two arithmetics are not compared. */
export const Arithmetic = v.picklist(['float', '8-bit'])
export type Arithmetic = v.InferOutput<typeof Arithmetic>

/** What only the card of a backbone in 8 bits has. */
const Quantized = v.object({
  /** sha-256 of the float backbone that it was made of. */
  of: hash,
  /** What it makes of the known picture (known-picture.ts): f16 [output.size] in base64. */
  known: v.pipe(v.string(), v.base64('base64'))
})

const CardFields = v.object({
  name: text,
  title: text,
  /** File name of the ONNX file, beside the card. */
  file: v.pipe(v.string(), v.regex(/^[\w.-]+\.onnx$/, 'a plain file name that ends in .onnx')),
  sha256: hash,
  arithmetic: v.optional(Arithmetic, 'float'),
  quantized: v.optional(Quantized),
  input: Input,
  output: v.object({ name: text, size }),
  licence: text,
  origin: text
})
export const Card = v.pipe(
  CardFields,
  v.check(
    ({ arithmetic, quantized }) => (arithmetic === '8-bit') === (quantized !== undefined),
    '`quantized` where the arithmetic is 8-bit, and only there'
  )
)
export type Card = v.InferOutput<typeof Card>

/** A card, or a backbone held against its card, that does not pass. */
export class CardError extends Error {
  constructor(subject: string, expected: string, received: string) {
    super(`${subject}: expected ${expected}, got ${received}`)
    this.name = 'CardError'
  }
}

/** Checks parsed JSON against the schema; unknown fields are left out. Throws CardError. */
export function parseCard(json: unknown): Card {
  const parsed = v.safeParse(Card, json)
  if (parsed.success) return parsed.output
  const issue = parsed.issues[0]
  const path = v.getDotPath(issue)
  throw new CardError(
    path ? `card.${path}` : 'card',
    issue.expected ?? issue.message,
    issue.received
  )
}

/** Holds the sha-256 (lower-case hexadecimal) of a file against its card. Throws CardError. */
export function checkBackbone(card: Card, sha256: string): void {
  if (sha256 !== card.sha256) throw new CardError(card.file, `sha-256 ${card.sha256}`, sha256)
}
