// The kernels of this process, loaded once: for what searches and encodes without an engine that
// holds kernels. Runs in compute and the command line.
import { loadKernels } from './kernel.ts'
import type { Kernels } from './kernel.ts'
import { scanKernels } from './kernels.mjs'

let loaded: Promise<Kernels | undefined> | undefined

/** Undefined where there is no SIMD. */
export function ownKernels(): Promise<Kernels | undefined> {
  loaded ??= scanKernels().then((bytes) => loadKernels(bytes))
  return loaded
}
