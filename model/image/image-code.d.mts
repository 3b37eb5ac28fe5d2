// Types of image-code.mjs.

/** The bytes of a code, from the cache or compiled (seconds, told to `report`, else to stderr). */
export function imageCode(
  name: 'augment' | 'resize',
  report?: (line: string) => void
): Promise<Uint8Array<ArrayBuffer>>

/** A plugin for Vite: puts the bytes into the bundle in place of image-code.mjs. */
export function bundledImageCode(): {
  name: string
  load(id: string): Promise<string | null>
}
