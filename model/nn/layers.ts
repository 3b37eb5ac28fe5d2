// Layers: functions from a scope, a name and a value to a value. Pure.
import {
  batchNorm as normalise,
  batchNormEvaluate,
  linear as product
} from '../graph/composites.ts'
import { add, conv as convolve, multiply, stopGradient } from '../graph/functions.ts'
import type { Value } from '../graph/ops.ts'
import { filledWith, uniform, uniformByFanIn } from './scope.ts'
import type { Scope } from './scope.ts'

/** Whether batch norm takes the statistics of the batch (and learns them) or those it learned. */
export type Mode = 'training' | 'evaluation'

/** x [B, D] to [B, width]: weight [width, D], bias [width], both uniform in +-1/sqrt(D). */
export function linear(scope: Scope, name: string, x: Value, width: number): Value {
  const D = x.shape[1] ?? 0
  const weight = scope.parameter(`${name}.weight`, [width, D], uniformByFanIn)
  const bias = scope.parameter(`${name}.bias`, [width], uniform(1 / Math.sqrt(D)))
  return product(x, weight, bias)
}

/**
 * A convolution without a bias, padded so that stride 1 keeps the size; uniform in +-1/sqrt(fan
 * in).
 */
export function conv(
  scope: Scope,
  name: string,
  x: Value,
  width: number,
  kernel: number,
  stride = 1
): Value {
  const side = (kernel - 1) / 2
  const shape = [width, x.shape[1] ?? 0, kernel, kernel]
  const weight = scope.parameter(`${name}.weight`, shape, uniformByFanIn)
  return convolve(x, weight, { strides: [stride, stride], pads: [side, side, side, side] })
}

/**
 * Batch normalisation (Ioffe and Szegedy 2015). In training the running statistics move a tenth of
 * the way to the batch's, the variance by its unbiased estimate, as PyTorch does.
 */
export function batchNorm(scope: Scope, name: string, x: Value, mode: Mode): Value {
  const shape = [x.shape[1] ?? 0]
  const scale = scope.parameter(`${name}.weight`, shape, filledWith(1))
  const shift = scope.parameter(`${name}.bias`, shape, filledWith(0))
  const runningMean = scope.state(`${name}.running_mean`, shape, filledWith(0))
  const runningVariance = scope.state(`${name}.running_var`, shape, filledWith(1))
  if (mode === 'evaluation') return batchNormEvaluate(x, scale, shift, runningMean, runningVariance)
  const { y, mean, variance } = normalise(x, scale, shift)
  const count = x.shape.reduce((size, length, axis) => (axis === 1 ? size : size * length), 1)
  const unbiased = multiply(variance, count / Math.max(count - 1, 1))
  scope.update(`${name}.running_mean`, moved(runningMean, mean))
  scope.update(`${name}.running_var`, moved(runningVariance, unbiased))
  return y
}

function moved(running: Value, batch: Value): Value {
  return add(multiply(running, 0.9), multiply(stopGradient(batch), 0.1))
}
