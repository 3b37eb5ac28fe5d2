// A setting and a start for tests of a head's steps. Test code only.
import type { Setting } from '../../model/train/head/head-contract.ts'
import type { HeadAndCodebooks } from '../../model/train/head/head-graph.ts'
import { noiseNumbers } from './noise.ts'

/** SPQ by the papers' pairs: no photo is another's neighbour. */
export function viewsSetting(steps: number): Setting {
  return {
    loss: 'spq',
    pairs: 'views',
    temperature: 0.2,
    neighbourShare: 0,
    similarityRatio: 2,
    steps
  }
}

/** A linear head and codebooks of noise. */
export function noiseHead(M: number, L: number): HeadAndCodebooks {
  return {
    head: { kind: 'linear', weight: noiseNumbers(256 * M * L, 1), bias: new Float32Array(M * L) },
    codebooks: { M, L, values: noiseNumbers(M * 16 * L, 2) }
  }
}
