// The head as graph and as parameters: the residual head of quantizer.ts, trained from a linear one
// (METHOD.md 4.2), and its training step. Pure.
import { normalize } from '../../graph/composites.ts'
import { add, matmul, multiply, relu, slice, subtract } from '../../graph/functions.ts'
import { input } from '../../graph/graph.ts'
import type { Value } from '../../graph/ops.ts'
import { softQuantize } from '../../nn/quantization.ts'
import { Scope, filledWith } from '../../nn/scope.ts'
import { K } from '../../quant/codes.ts'
import { PROJECTED } from '../../quant/projection.ts'
import type { Head, Quantizer } from '../../quant/quantizer.ts'
import { seededRandom } from '../../quant/random.ts'
import { floats, floatsIn } from '../../tensor/tensor.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { adamW } from '../optimisers.ts'
import { MASKED_LOGIT } from '../pairs.ts'
import { sscqLoss } from '../sscq-loss.ts'
import { writeStep } from '../step.ts'
import type { TrainingStep } from '../step.ts'
import type { Setting } from './head-contract.ts'
import { fusedSpqLoss } from './fused-loss.ts'

export type Parameters = Readonly<Record<string, Tensor<'f32'>>>
export type HeadAndCodebooks = Pick<Quantizer, 'head' | 'codebooks'>

/** Numbers between the two layers of the residual. */
export const HIDDEN = 512
/** Sharper than the papers' 5: what is trained is then nearer to the hard codes (measured). */
const HARDNESS = 20
const DECAY = 1e-4

/** What a step is fed: both images of each pair, and which pairs of rows count. */
export const BATCH_INPUT = 'batch' // [2B, 256]
export const PAIR_BIAS_INPUT = 'pair bias' // [2B, 2B]

/**
 * Descriptors [rows, M*L] of length sqrt(M) from projected features [rows, 256]: `describe` of
 * encode.ts as graph.
 */
export function headGraph(scope: Scope, projected: Value, M: number, L: number): Value {
  const zeros = filledWith(0) // first values come from the start
  const weight = scope.parameter('weight', [PROJECTED, M * L], zeros)
  const bias = scope.parameter('bias', [M * L], zeros)
  const hiddenWeight = scope.parameter('hiddenWeight', [PROJECTED, HIDDEN], zeros)
  const hiddenBias = scope.parameter('hiddenBias', [HIDDEN], zeros)
  const outputWeight = scope.parameter('outputWeight', [HIDDEN, M * L], zeros)
  const hidden = relu(add(matmul(projected, hiddenWeight), hiddenBias))
  const y = add(add(matmul(projected, weight), bias), matmul(hidden, outputWeight))
  return multiply(normalize(y), Math.sqrt(M))
}

/** The first parameters: the start's linear head and codebooks, a residual that is still zero. */
export function parametersOf({ head, codebooks }: HeadAndCodebooks, seed: number): Parameters {
  if (head.kind === 'residual') return tensorsOf({ head, codebooks })
  const bound = Math.sqrt(6 / PROJECTED)
  const random = seededRandom(seed)
  const residual = {
    hiddenWeight: new Float32Array(PROJECTED * HIDDEN).map(() => (2 * random() - 1) * bound),
    hiddenBias: new Float32Array(HIDDEN),
    outputWeight: new Float32Array(HIDDEN * codebooks.M * codebooks.L)
  }
  return tensorsOf({ head: { ...head, kind: 'residual', ...residual }, codebooks })
}

/**
 * A trained head and its codebooks as parameters.
 * @throws RangeError when the head is linear: it has no residual
 */
export function tensorsOf({ head, codebooks }: HeadAndCodebooks): Parameters {
  const { M, L, values } = codebooks
  if (head.kind !== 'residual')
    throw new RangeError(`head: expected a residual one, got ${head.kind}`)
  return {
    weight: floats([PROJECTED, M * L], head.weight),
    bias: floats([M * L], head.bias),
    hiddenWeight: floats([PROJECTED, HIDDEN], head.hiddenWeight),
    hiddenBias: floats([HIDDEN], head.hiddenBias),
    outputWeight: floats([HIDDEN, M * L], head.outputWeight),
    codebooks: floats([M, K, L], values)
  }
}

/** The head and the codebooks that parameters stand for. */
export function headOf(parameters: Readonly<Record<string, Tensor>>, L: number): HeadAndCodebooks {
  const of = (name: string): Float32Array => floatsIn(parameters[name], name)
  const head: Head = {
    kind: 'residual',
    weight: of('weight'),
    bias: of('bias'),
    hiddenWeight: of('hiddenWeight'),
    hiddenBias: of('hiddenBias'),
    outputWeight: of('outputWeight')
  }
  return { head, codebooks: { M: of('bias').length / L, L, values: of('codebooks') } }
}

/** The training step of a setting, for batches of B pairs, as one ONNX model. */
export function headStep(setting: Setting, B: number, M: number, L: number): TrainingStep {
  const scope = new Scope()
  const batch = input(BATCH_INPUT, [2 * B, PROJECTED])
  const pairBias = input(PAIR_BIAS_INPUT, [2 * B, 2 * B])
  const x = headGraph(scope, batch, M, L)
  const codebooks = scope.parameter('codebooks', [M, K, L], filledWith(0))
  const loss = lossOf(setting, x, codebooks, pairBias)
  return writeStep({ loss, scope, optimiser: adamW({ decay: DECAY }) })
}

/** The loss of a setting: descriptors x [2B, M*L], codebooks, and which pairs count [2B, 2B]. */
export function lossOf(
  { loss, temperature }: Setting,
  x: Value,
  codebooks: Value,
  pairBias: Value
): Value {
  const n = x.shape[0] ?? 0
  if (loss === 'spq')
    return fusedSpqLoss(x, softQuantize(x, codebooks, HARDNESS).z, temperature, pairBias)
  const [xa, xb] = [slice(x, 0, 0, n / 2), slice(x, 0, n / 2, n)]
  // 0 and 1 as the mask of the other loss: the bias is -1/T, or MASKED_LOGIT.
  const scale = 1 / (MASKED_LOGIT + 1 / temperature)
  const keep = subtract(1, multiply(add(pairBias, 1 / temperature), scale))
  return sscqLoss(xa, xb, codebooks, {
    hardness: HARDNESS,
    instanceTemperature: temperature,
    diversityOf: 'assignments',
    keep
  }).total
}
