// The only file that imports onnxruntime-node: loads it, and says which of its execution providers
// there are. Runs in compute, the command line and tests, on the main thread of its process; never
// in engine, app or a worker thread.
import type * as Library from 'onnxruntime-node'

/** Execution providers by onnxruntime-node's names; which of them load depends on the platform. */
export const PROVIDERS = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const

export type Provider = (typeof PROVIDERS)[number]

/** The library, and what it calls its own. */
export type Runtime = typeof Library
export type RuntimeSession = Library.InferenceSession
export type RuntimeSessionOptions = Library.InferenceSession.SessionOptions
export type RuntimeTensor = Library.Tensor
export type RuntimeValues = Library.InferenceSession.OnnxValueMapType
export type RuntimeMetadata = Library.InferenceSession.ValueMetadata

/** A provider that cannot run here: not in this build of the library, or without a device. */
export class ProviderError extends Error {
  readonly provider: string
  /** What the library said, without where in its sources it said so. */
  readonly reason: string

  constructor(provider: string, reason: string) {
    super(`execution provider ${provider}: expected one that runs here, got: ${reason}`)
    this.name = 'ProviderError'
    this.provider = provider
    this.reason = reason.replace(/^.* was false\. /s, '').trim()
  }
}

let library: Runtime | undefined

/** Loaded at first use, so that a process that only imports this file stays small. */
export async function loadRuntime(): Promise<Runtime> {
  if (library) return library
  // ONNX Runtime 1.30 carries Microsoft's telemetry, with an address to send to. This turns it off,
  // but only before the library is loaded.
  process.env.ORT_DISABLE_TELEMETRY = '1'
  library = await import('onnxruntime-node')
  library.env.logLevel = 'fatal' // errors are thrown; printing them too says nothing more
  return library
}

/** Providers that this build of the library has. One may still lack a device: see `runsHere`. */
export async function builtInProviders(): Promise<Provider[]> {
  const { listSupportedBackends } = await loadRuntime()
  const names = new Set(listSupportedBackends().map(({ name }) => name))
  return PROVIDERS.filter((provider) => provider === 'cpu' || names.has(provider))
}

/**
 * Those of them whose files come with this build. Another one (CUDA) runs only where a person has
 * put its files there.
 */
export async function bundledProviders(): Promise<Provider[]> {
  const { listSupportedBackends } = await loadRuntime()
  const bundled = listSupportedBackends().filter((backend) => backend.bundled)
  const names = new Set(bundled.map(({ name }) => name))
  return PROVIDERS.filter((provider) => provider === 'cpu' || names.has(provider))
}

/** The version of the library, as `1.30.0`. */
export async function runtimeVersion(): Promise<string> {
  const { env } = await loadRuntime()
  return env.versions.node ?? env.versions.common
}
