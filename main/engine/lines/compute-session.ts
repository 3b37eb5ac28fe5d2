// One life of compute as the engine sees it: what may be asked of it, and by which model it works.
// Runs in the writer, and where a library is only looked at in its one thread; never loads compute.
import type * as v from 'valibot'
import type { Task } from '../../catalogue/work-table.ts'
import type { Client } from '../../wire/channel.ts'
import type { ComputeContract, Described, Refused } from '../../wire/compute-contract.ts'
import type { Encoded, QuantizerRecord } from '../../wire/records.ts'
import { Fault } from '../../wire/fault.ts'
import type { Crop } from '../../wire/query-contract.ts'
import { filesOf } from '../photo-paths.ts'

type Call = Client<ComputeContract>['call']
type On = Client<ComputeContract>['on']

/** A quantizer with the id the catalogue knows it by. */
export interface UsedModel {
  id: number
  record: QuantizerRecord
}

export interface Processed {
  outcomes: (Described | Refused)[]
  backbone: string // sha-256 of the one that described them
  /** Id of the model they are encoded with; null: none; undefined: it changed on the way. */
  model: number | null | undefined
}

/** A picture that is no photo of the library: a file, or bytes. */
export type PictureSource = { path: string } | { bytes: Uint8Array }

export interface Embedded {
  backbone: string
  width: number // of the picture or the part
  height: number
  feature: Uint16Array // f16 [D]
  projected: Uint16Array | null // f16 [256]
  descriptor: Uint16Array | null // f16 [M*L]
  model: number | null | undefined
}

/** What compute says when its backbones are opened. */
export type OpenBackbones = Omit<
  v.InferOutput<ComputeContract['methods']['openBackbones']['result']>,
  'backbone'
>

/** One life of compute. */
export interface Session {
  /** The one that describes new libraries, and all that came with Kindred. */
  readonly backbone: OpenBackbones
  /** Calls that wait for an answer. */
  readonly active: number
  /** True when the photo went through decoding in this life. */
  hasBegun(id: number): boolean
  call: Call
  on: On
  process(tasks: readonly Task[], thumbnails: string, signal?: AbortSignal): Promise<Processed>
  /** Somebody acts: see [Note: step aside]. */
  stepAside(): void
  /**
   * Describes by its backbone and encodes with this model from now on; what is in work is not
   * trusted to be. Without a model the backbone that is named describes. Throws Fault bad-model
   * where the backbone is not there, device where this processor does not compute it rightly.
   */
  use(model: UsedModel | null, backbone: string): Promise<void>
  /** Describes a picture, or a part of it; `model` as for `process`. */
  embed(source: PictureSource, crop: Crop | null, signal?: AbortSignal): Promise<Embedded>
  /** Encodes features [n, D] with a model. */
  encode(
    model: UsedModel,
    features: Uint16Array<ArrayBuffer>,
    n: number,
    signal?: AbortSignal
  ): Promise<Encoded>
}

function lost(expected: string): Fault {
  return new Fault({
    kind: 'process-lost',
    subject: 'compute',
    expected,
    received: 'the end of its process'
  })
}

/** The session behind a port, until that closes. */
export class Life implements Session {
  backbone: OpenBackbones = { sha256: '', shipped: [], featureSize: 0, provider: '', machine: '' }
  ready = false
  readonly #client: Client<ComputeContract>
  readonly #onQuiet: () => void
  readonly #begun = new Set<number>()
  readonly #waiting = new Set<(fault: Fault) => void>()
  #over = false
  #model: number | null | undefined = undefined
  #uses = 0

  /** @param onQuiet told after each call when no other is under way */
  constructor(client: Client<ComputeContract>, onQuiet: () => void) {
    this.#client = client
    this.#onQuiet = onQuiet
  }

  get active(): number {
    return this.#waiting.size // of a life that ended: what waited then
  }

  begin(ids: readonly number[]): void {
    for (const id of ids) this.#begun.add(id)
  }

  hasBegun(id: number): boolean {
    return this.#begun.has(id)
  }

  /** This life is over, whether its port has noticed or not. */
  end(): void {
    this.ready = false
    this.#over = true
    for (const reject of this.#waiting) reject(lost('an answer'))
    this.#client.close()
  }

  on: On = (event, listener) => this.#client.on(event, listener)

  call: Call = (method, argument, signal) =>
    new Promise((resolve, reject) => {
      if (this.#over) return reject(lost('an answer'))
      this.#waiting.add(reject)
      this.#client
        .call(method, argument, signal)
        .then(resolve, reject)
        .finally(() => {
          if (this.#over) return
          this.#waiting.delete(reject)
          if (this.#waiting.size === 0) this.#onQuiet()
        })
    })

  stepAside(): void {
    // Not one of the calls that wait: compute is asked for nothing. If it is gone, so is its work.
    this.#client.call('stepAside', {}).catch(() => undefined)
  }

  async process(
    tasks: readonly Task[],
    thumbnails: string,
    signal?: AbortSignal
  ): Promise<Processed> {
    const model = this.#model
    const uses = this.#uses
    const photos = tasks.map(filesOf)
    const { backbone, outcomes } = await this.call('process', { photos, thumbnails }, signal)
    for (const { id } of tasks) this.#begun.delete(id)
    return { backbone, outcomes, model: uses === this.#uses ? model : undefined }
  }

  async embed(
    source: PictureSource,
    crop: Crop | null,
    signal?: AbortSignal
  ): Promise<Embedded> {
    const model = this.#model
    const uses = this.#uses
    const embedded = await this.call('embed', { source, crop }, signal)
    return { ...embedded, model: uses === this.#uses ? model : undefined }
  }

  encode(
    model: UsedModel,
    features: Uint16Array<ArrayBuffer>,
    n: number,
    signal?: AbortSignal
  ): Promise<Encoded> {
    return this.call('encode', { quantizer: model.record, features, n }, signal)
  }

  async use(model: UsedModel | null, backbone: string): Promise<void> {
    this.#uses++
    this.#model = undefined
    const mine = this.#uses
    await this.call('setQuantizer', { quantizer: model?.record ?? null, backbone })
    if (mine === this.#uses) this.#model = model?.id ?? null
  }
}
