// Heads of both papers: features to descriptors, and the codebooks they are quantized with. Pure.
import { relu } from '../graph/functions.ts'
import type { Value } from '../graph/ops.ts'
import { linear } from './layers.ts'
import { uniform } from './scope.ts'
import type { Scope } from './scope.ts'

/** Features [B, D] to descriptors [B, width]: Linear(D, 512), ReLU, Linear(512, width). */
export function projectionHead(scope: Scope, features: Value, width: number): Value {
  return linear(scope, 'head', relu(linear(scope, 'fc_out', features, 512)), width)
}

/** Codebooks [M, K, L], Xavier-uniform as one [K, M*L] matrix (SPQ's code). */
export function declareCodebooks(scope: Scope, M: number, K: number, L: number): Value {
  return scope.parameter('codebooks', [M, K, L], uniform(Math.sqrt(6 / (K + M * L))))
}
