// Types of resize-kernel.mjs.

/** The kernel, from the cache or compiled (seconds, told to `report`; by default to stderr). */
export function resizeKernel(report?: (line: string) => void): Promise<Uint8Array<ArrayBuffer>>

/** A plugin for Vite: puts the kernel's bytes into the bundle in place of resize-kernel.mjs. */
export function bundledResize(): {
  name: string
  load(id: string): Promise<string | null>
}
