// How a session is wanted, and what ONNX Runtime calls that. Pure.
import { INTEGER_WAYS, type IntegerWay } from './integer-ways.ts'
import type { Provider, RuntimeSessionOptions } from './onnxruntime.ts'

export interface SessionOptions {
  /** What runs the model; `cpu` when left out. */
  provider?: Provider
  /** Threads of one operator on the CPU; one a physical core when left out. */
  threads?: number
  /**
   * False: idle threads of an operator sleep (cpu), so that other work of the machine has the
   * cores; true (default): they spin, which is fastest where nothing else runs.
   */
  spin?: boolean
  /** How a model in 8 bits is computed on the CPU; `fastest` when left out. */
  integers?: IntegerWay
  /**
   * Outputs that become inputs of the next run, output name to input name: parameters and optimiser
   * state. They stay where they are: in device memory on webgpu, in two buffers a tensor, used in
   * turns, on cpu. Give their first values to `write`. Both ends must have one type and static
   * shape.
   */
  carry?: Readonly<Record<string, string>>
  /**
   * False: a model of which the provider cannot run everything is refused; true (default): ONNX
   * Runtime runs the rest on the CPU, without a word.
   */
  cpuFallback?: boolean
  /** Writes a trace of every operator's time to a file whose name begins so, when disposed. */
  profilePrefix?: string
}

/** The same as the library takes it. */
export function settingsOf({
  provider = 'cpu',
  threads,
  spin = true,
  integers = 'fastest',
  carry = {},
  cpuFallback = true,
  profilePrefix
}: SessionOptions): RuntimeSessionOptions {
  return {
    executionProviders: [provider],
    logSeverityLevel: 4,
    // What is planned as one block is allocated beside what the first run left, and is no faster: a
    // training step takes twice the memory (ResNet-18, batch 256: 6.2 GB against 3.7), the backbone
    // 16 MB more.
    enableMemPattern: false,
    ...(threads && { intraOpNumThreads: threads }),
    extra: {
      session: {
        ...(!spin && { intra_op: { allow_spinning: '0' } }),
        ...(!cpuFallback && { disable_cpu_ep_fallback: '1' }),
        ...INTEGER_WAYS[integers]
      }
    },
    ...(profilePrefix && { enableProfiling: true, profileFilePrefix: profilePrefix }),
    ...(provider === 'webgpu' && {
      preferredOutputLocation: Object.fromEntries(
        Object.keys(carry).map((name) => [name, 'gpu-buffer' as const])
      )
    })
  }
}
