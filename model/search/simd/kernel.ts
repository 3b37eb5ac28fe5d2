// The compiled scan as TypeScript sees it: choosing plain or relaxed SIMD, and typed calls into one
// instance. Pure: the bytes are handed in (kernels.mjs has them). Addresses are byte offsets, u32.

/** The scan compiled twice; `relaxed` needs relaxed SIMD and is a little faster. */
export interface KernelBytes {
  plain: Uint8Array
  relaxed: Uint8Array
}

/** A compiled kernel, to be instantiated for each index. */
export interface Kernels {
  readonly flavour: 'plain' | 'relaxed'
  readonly module: WebAssembly.Module
}

/** The numbers of codebooks that the kernel knows. */
export const KERNEL_CODEBOOKS: readonly number[] = [4, 8, 16, 32]

/** Where the kernel expects the table, f32 [M, 16]. */
export const TABLE_ADDRESS = 1024

/** Below this address lies what the kernel keeps for itself. */
export const FIRST_FREE = 65536

const NAMES = [
  'configure',
  'segmentSize',
  'write',
  'read',
  'readMarked',
  'name',
  'idOf',
  'idPages',
  'move',
  'mark',
  'readFilter',
  'markedGroups',
  'listMarked',
  'begin',
  'scan',
  'measure',
  'found',
  'finish',
  'evaluations',
  'survivors',
  'encode',
  'assign',
  'rank'
] as const

/** The kernel's functions; see the .as.ts files for their arguments. */
export type Kernel = Record<(typeof NAMES)[number], (...values: number[]) => number>

/**
 * Compiles the relaxed kernel where this runtime takes it, else the plain one; undefined where
 * there is no SIMD at all (then the reference index serves). `flavour` asks for one of them.
 */
export function loadKernels(
  { plain, relaxed }: KernelBytes,
  flavour?: 'plain' | 'relaxed'
): Kernels | undefined {
  const candidates = [
    ['relaxed', relaxed],
    ['plain', plain]
  ] as const
  for (const [name, bytes] of candidates) {
    const source = Uint8Array.from(bytes)
    if ((flavour ?? name) === name && WebAssembly.validate(source))
      return { flavour: name, module: new WebAssembly.Module(source) }
  }
  return undefined
}

/** An instance over a memory of its own. */
export function instantiate({ module }: Kernels): { kernel: Kernel; memory: WebAssembly.Memory } {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 })
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  const found = NAMES.map((name) => {
    const call = exports[name]
    if (typeof call !== 'function') throw new Error(`search kernel: it does not export ${name}`)
    return [name, call]
  })
  return { kernel: Object.fromEntries(found) as Kernel, memory }
}
