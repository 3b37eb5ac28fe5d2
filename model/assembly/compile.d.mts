// Types of compile.mjs.
export interface AssemblyCode {
  /** Of its file in the cache. */
  name: string
  /** What it is, to be told. */
  what: string
  entries: readonly string[]
  flags: readonly string[]
  sources: Readonly<Record<string, string>>
}

/** Flags of code that uses SIMD, over memory that is handed to it. */
export const SIMD_FLAGS: readonly string[]

export function compiled(
  codes: readonly AssemblyCode[],
  report?: (line: string) => void
): Promise<Uint8Array<ArrayBuffer>[]>
