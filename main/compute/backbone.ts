// A backbone: its ONNX file, checked and opened, and the batches that run through it. It knows no
// backbone in particular: all of that is on the card. backbone-folder.ts finds them. Compute's main
// thread.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import {
  ProviderError,
  floats,
  openSession,
  type IntegerWay,
  type Provider,
  type Session
} from '../../model/learning.ts'
import { CardError, checkBackbone, type Card } from '../../model/retrieval.ts'
import { Fault, isFault } from '../wire/fault.ts'
import { systemFault } from '../wire/system-fault.ts'

/**
 * Photos in one run. Larger runs gain little on a processor (under 4 % from 1 to 32), and during a
 * run the thread that hands out work stands still: it has to end before decoders run out of work.
 */
export const BATCH = 8

export interface Backbone {
  readonly card: Card
  readonly provider: Provider
  /** Its ONNX file, checked against the card. */
  read(): Promise<Uint8Array>
  /**
   * Runs values [n, 3, size, size], n at most BATCH, and gives features [n, D]. Throws a Fault,
   * which is never about a photo.
   */
  run(values: Float32Array, n: number): Promise<Float32Array>
  /** Called when its provider could not go on and the processor took over. */
  onLost: (provider: Provider, reason: string) => void
  /** The same backbone on another provider, beside this one. Throws as `openAt`. */
  on(provider: Provider): Promise<Backbone>
  /**
   * Runs on another provider from now on; the former one is freed. One in 8 bits stays on the
   * processor. Throws as `openAt`.
   */
  move(provider: Provider): Promise<void>
  dispose(): Promise<void>
}

/** Where a backbone comes from. */
export interface Source {
  file: string
  card: Card
  /** ms without a run until its memory is freed. */
  restAfter: number
  /** Of one in 8 bits: how it is computed. */
  integers?: IntegerWay
}

/** Opens a backbone and runs it once. Throws what `modelFault` knows. */
export async function openAt(source: Source, provider: Provider): Promise<Backbone> {
  return opened(source, provider)
}

async function opened(source: Source, provider: Provider): Promise<SessionBackbone> {
  const backbone = new SessionBackbone(source, await sessionOf(source, provider))
  await backbone.warmUp()
  return backbone
}

async function sessionOf(source: Source, provider: Provider): Promise<Session> {
  const { integers = 'fastest' } = source
  return openSession(await checked(source), { spin: false, provider, integers })
}

async function checked({ file, card }: Source): Promise<Uint8Array> {
  const bytes = await readFile(file)
  checkBackbone(card, sha256Of(bytes))
  return bytes
}

/** sha-256 in lower-case hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

class SessionBackbone implements Backbone {
  readonly card: Card
  onLost: Backbone['onLost'] = () => undefined
  readonly #source: Source
  #provider: Provider
  /** Undefined while it rests. */
  #session: Promise<Session> | undefined
  #runs = 0
  #rest: NodeJS.Timeout | undefined

  constructor(source: Source, session: Session) {
    this.card = source.card
    this.#source = source
    this.#provider = session.provider
    this.#session = Promise.resolve(session)
  }

  get provider(): Provider {
    return this.#provider
  }

  read(): Promise<Uint8Array> {
    return checked(this.#source)
  }

  async on(provider: Provider): Promise<SessionBackbone> {
    try {
      return await opened(this.#source, provider)
    } catch (error) {
      throw modelFault(error, this.#source.file)
    }
  }

  async move(provider: Provider): Promise<void> {
    if (provider === this.provider || this.card.arithmetic === '8-bit') return
    const former = this.#session
    this.#session = (await this.on(provider)).#handOver()
    this.#provider = provider
    // Its device may be gone.
    await (await former)?.dispose().catch((error: unknown) => console.error(error))
  }

  async run(values: Float32Array, n: number): Promise<Float32Array> {
    const { provider } = this
    try {
      return await this.#run(values, n)
    } catch (error) {
      const fault = modelFault(error, this.#source.file, provider)
      if (provider === 'cpu' || fault.kind !== 'device') throw fault
      if (this.provider === provider) await this.move('cpu')
      this.onLost(provider, fault.record.received)
      return this.run(values, n)
    }
  }

  async #run(values: Float32Array, n: number): Promise<Float32Array> {
    const { input, output } = this.card
    clearTimeout(this.#rest)
    this.#runs++
    try {
      const session = await this.#awake()
      const pixels = floats([n, 3, input.size, input.size], values)
      const features = (await session.run({ [input.name]: pixels }))[output.name]
      if (features?.type !== 'f32' || features.data.length !== n * output.size) {
        const received = features ? `${features.type}[${features.shape.join()}]` : 'none'
        throw new CardError(output.name, `f32[${n},${output.size}]`, received)
      }
      if (this.#provider !== 'cpu' && !features.data.every(Number.isFinite))
        throw new Error('features that are no numbers')
      return features.data
    } finally {
      if (--this.#runs === 0)
        this.#rest = setTimeout(() => void this.dispose(), this.#source.restAfter).unref()
    }
  }

  /** The session; one that cannot be opened now is tried again at the next run. */
  async #awake(): Promise<Session> {
    this.#session ??= sessionOf(this.#source, this.provider)
    try {
      return await this.#session
    } catch (error) {
      this.#session = undefined
      throw error
    }
  }

  /**
   * The first run proves input and output, and takes time that later ones do not: a device compiles
   * what it runs for whole batches; to the processor one picture is like many. No other provider
   * steps in: what was opened on one runs there, or is not opened.
   */
  async warmUp(): Promise<void> {
    const n = this.#provider === 'cpu' ? 1 : BATCH
    try {
      await this.#run(new Float32Array(n * 3 * this.card.input.size ** 2), n)
    } catch (error) {
      await this.dispose()
      throw modelFault(error, this.#source.file, this.provider)
    }
  }

  /** Its session, which it will not close any more. */
  #handOver(): Promise<Session> | undefined {
    clearTimeout(this.#rest)
    const session = this.#session
    this.#session = undefined
    return session
  }

  /** Frees the session; a later run opens it again. */
  async dispose(): Promise<void> {
    clearTimeout(this.#rest)
    const session = this.#session
    this.#session = undefined
    await (await session)?.dispose()
  }
}

/** A backbone whose files are not what they should be. */
export function badModel(subject: string, expected: string, received: string): Fault {
  return new Fault({ kind: 'bad-model', subject, expected, received })
}

/**
 * What kept a model from being opened or run: its files, the disk, a device.
 * @param running the provider that ran it before: then its files are as they should be, and what
 *   ONNX Runtime says is of the device, whatever the photos were
 */
export function modelFault(error: unknown, file: string, running?: Provider): Fault {
  const subject = basename(file)
  const expected = 'a card and the ONNX file it speaks of'
  if (error instanceof CardError) return badModel(subject, expected, error.message)
  const fault = systemFault(error, 'program', subject, expected)
  if (isFault(fault, 'not-found')) return badModel(subject, expected, fault.record.received)
  if (isFault(fault)) return fault
  const received = error instanceof Error ? error.message : String(error)
  const device = error instanceof ProviderError ? error.provider : running
  if (device === undefined) return badModel(subject, expected, received)
  return new Fault({ kind: 'device', subject: device, expected: 'a device that computes', received })
}
