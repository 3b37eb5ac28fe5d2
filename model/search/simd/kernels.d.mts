// Types of kernels.mjs.
import type { KernelBytes } from './kernel.ts'

/** Both kernels, from the cache or compiled (seconds, told to `report`; by default to stderr). */
export function scanKernels(report?: (line: string) => void): Promise<KernelBytes>

/** A plugin for Vite: puts the kernels' bytes into the bundle in place of kernels.mjs. */
export function bundledKernels(): {
  name: string
  load(id: string): Promise<string | null>
}
