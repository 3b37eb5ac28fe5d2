// Sessions of ONNX Runtime: a model loaded for a provider, run again and again, with tensors that
// are carried from run to run. Runs where onnxruntime.ts does: it stops its thread for a whole run.
import type { Tensor } from '../tensor/tensor.ts'
import { ProviderError, builtInProviders, loadRuntime } from './onnxruntime.ts'
import type {
  Provider,
  Runtime,
  RuntimeSession,
  RuntimeTensor,
  RuntimeValues
} from './onnxruntime.ts'
import { settingsOf } from './session-options.ts'
import type { SessionOptions } from './session-options.ts'
import { copyModel, identityModel } from './small-models.ts'
import { checked, copyOf, described, runtimeTensor, sessionValue, tensorOf } from './values.ts'
import type { SessionValue } from './values.ts'

export type Tensors = Readonly<Record<string, Tensor>>

export interface Session {
  readonly provider: Provider
  readonly inputs: readonly SessionValue[]
  readonly outputs: readonly SessionValue[]
  /**
   * Runs the model on feeds by input name, without those that are carried, and returns the outputs
   * by name, without those that are carried. It stops its thread for the whole run.
   * @throws RangeError when a feed is missing, unknown, or of another type or shape
   */
  run(feeds: Tensors): Promise<Record<string, Tensor>>
  /**
   * Sets carried inputs, by input name; the tensors are copied. All must be set before the first
   * run.
   */
  write(state: Tensors): void
  /** Copies of the carried inputs as the last run left them, by input name. */
  read(): Promise<Record<string, Tensor>>
  /** Frees the model. The session must not be used afterwards. */
  dispose(): Promise<void>
}

/** Whether a provider really runs a model here; if not, why. */
export async function runsHere(provider: Provider): Promise<true | ProviderError> {
  try {
    const session = await openSession(identityModel('f32', [1]), { provider })
    try {
      await session.run({ x: { type: 'f32', shape: [1], data: new Float32Array(1) } })
    } finally {
      await session.dispose()
    }
    return true
  } catch (error) {
    if (error instanceof ProviderError) return error
    throw error
  }
}

/**
 * Loads a model for a provider. What the provider cannot run of it, ONNX Runtime runs on the CPU,
 * unless that is not wanted.
 * @param bytes an ONNX model
 * @throws ProviderError when the provider does not run here
 * @throws Error of ONNX Runtime when the model is not valid
 */
export async function openSession(
  bytes: Uint8Array,
  options: SessionOptions = {}
): Promise<Session> {
  const { provider = 'cpu', carry = {}, profilePrefix } = options
  const runtime = await loadRuntime()
  const built = await builtInProviders()
  if (!built.includes(provider))
    throw new ProviderError(provider, `a build of ONNX Runtime with only ${built.join(', ')}`)
  let inner: RuntimeSession
  try {
    inner = await runtime.InferenceSession.create(bytes, settingsOf(options))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (provider !== 'cpu' && /adapter|provider|device|\.so|\.dll|backend/i.test(reason))
      throw new ProviderError(provider, reason)
    throw error
  }
  try {
    return new CarryingSession(runtime, inner, provider, carry, profilePrefix !== undefined)
  } catch (error) {
    await inner.release()
    throw error
  }
}

/** Before the name of a carried value: that of its copy. */
const COPY = 'copy of '

class CarryingSession implements Session {
  readonly provider: Provider
  readonly inputs: readonly SessionValue[]
  readonly outputs: readonly SessionValue[]
  readonly #runtime: Runtime
  readonly #inner: RuntimeSession
  readonly #carry: ReadonlyMap<string, string>
  readonly #carried: ReadonlySet<string>
  readonly #profiling: boolean
  /** Carried values by input name, and the buffers that the next run may write (cpu). */
  #state = new Map<string, RuntimeTensor>()
  #spare = new Map<string, RuntimeTensor>()
  /** The model that copies what is carried out of the device's memory, once it was needed. */
  #copier: RuntimeSession | undefined

  constructor(
    runtime: Runtime,
    inner: RuntimeSession,
    provider: Provider,
    carry: Readonly<Record<string, string>>,
    profiling: boolean
  ) {
    this.#runtime = runtime
    this.#inner = inner
    this.provider = provider
    this.inputs = inner.inputMetadata.map(sessionValue)
    this.outputs = inner.outputMetadata.map(sessionValue)
    this.#carry = new Map(Object.entries(carry))
    this.#carried = new Set(this.#carry.values())
    this.#profiling = profiling
    for (const [output, input] of this.#carry) {
      const from = this.#value(this.outputs, output, 'output')
      const to = this.#value(this.inputs, input, 'input')
      if (from.type !== to.type || from.shape.join() !== to.shape.join())
        throw new RangeError(`carry ${output}: expected ${described(to)}, got ${described(from)}`)
    }
  }

  async run(feeds: Tensors): Promise<Record<string, Tensor>> {
    const given: Record<string, RuntimeTensor> = {}
    for (const value of this.inputs) {
      const feed = feeds[value.name]
      const state = this.#state.get(value.name)
      if (this.#carried.has(value.name)) {
        if (!state) throw new RangeError(`input ${value.name}: expected a value by write, got none`)
        given[value.name] = state
      } else {
        given[value.name] = this.#tensor(checked(value, feed))
      }
    }
    for (const name of Object.keys(feeds)) {
      if (!(name in given) || this.#carried.has(name))
        throw new RangeError(`feed ${name}: expected one of ${this.#freeInputs()}, got ${name}`)
    }
    const fetches: Record<string, RuntimeTensor | null> = {}
    for (const { name } of this.outputs)
      fetches[name] = this.#spare.get(this.#carry.get(name) ?? '') ?? null
    const results = await this.#inner.run(given, fetches)

    const outputs: Record<string, Tensor> = {}
    for (const { name } of this.outputs) {
      const result = results[name]
      if (!result) throw new RangeError(`output ${name}: expected a tensor, got none`)
      const input = this.#carry.get(name)
      if (input === undefined) outputs[name] = tensorOf(result)
      else this.#keep(input, fetches[name] ?? result)
    }
    return outputs
  }

  write(state: Tensors): void {
    for (const [name, tensor] of Object.entries(state)) {
      if (!this.#carried.has(name))
        throw new RangeError(`write ${name}: expected a carried input, got ${name}`)
      checked(this.#value(this.inputs, name, 'input'), tensor)
      this.#state.get(name)?.dispose()
      this.#state.set(name, this.#tensor(copyOf(tensor)))
    }
  }

  async read(): Promise<Record<string, Tensor>> {
    const onDevice = [...this.#state.values()].some(({ location }) => location !== 'cpu')
    const copies = onDevice ? await this.#download() : undefined
    const state: Record<string, Tensor> = {}
    for (const [name, value] of this.#state) {
      const copy = copies?.[COPY + name]
      state[name] = copy ? tensorOf(copy) : copyOf(tensorOf(value))
    }
    return state
  }

  async dispose(): Promise<void> {
    if (this.#profiling) this.#inner.endProfiling()
    for (const value of [...this.#state.values(), ...this.#spare.values()]) value.dispose()
    await this.#copier?.release()
    await this.#inner.release()
  }

  /** The old value's memory is written by the next run (cpu) or freed (device). */
  #keep(input: string, value: RuntimeTensor): void {
    const old = this.#state.get(input)
    if (value.location === 'cpu' && old?.location === 'cpu') this.#spare.set(input, old)
    else old?.dispose()
    this.#state.set(input, value)
  }

  /**
   * The library cannot read a device buffer by itself; a model that copies it to an output can. One
   * for all, as loading one takes far longer than a copy. After a run, which brought something onto
   * the device, all that is carried has a value.
   */
  async #download(): Promise<RuntimeValues> {
    const carried = this.inputs.filter(({ name }) => this.#carried.has(name))
    this.#copier ??= await this.#runtime.InferenceSession.create(
      copyModel(carried, (name) => COPY + name),
      { executionProviders: [this.provider], logSeverityLevel: 4 }
    )
    return this.#copier.run(Object.fromEntries(this.#state))
  }

  #tensor(tensor: Tensor): RuntimeTensor {
    return runtimeTensor(this.#runtime, tensor)
  }

  #value(values: readonly SessionValue[], name: string, kind: string): SessionValue {
    const value = values.find((candidate) => candidate.name === name)
    if (value) return value
    const names = values.map((candidate) => candidate.name).join(', ')
    throw new RangeError(`carry: expected an ${kind} of ${names}, got ${name}`)
  }

  #freeInputs(): string {
    return this.inputs.flatMap(({ name }) => (this.#carried.has(name) ? [] : [name])).join(', ')
  }
}
