// Types of augment-code.mjs.

/** The bytes, from the cache or compiled (seconds, told to `report`; by default to stderr). */
export function augmentCode(report?: (line: string) => void): Promise<Uint8Array>

/** A plugin for Vite: puts the bytes into the bundle in place of augment-code.mjs. */
export function bundledAugmentCode(): {
  name: string
  load(id: string): Promise<string | null>
}
