// The decoder window as compute sees it: a port that may close at any time and be replaced by a new
// one; it is asked for when it is needed and let go when it is not for a while. Compute's main
// thread. Decodes in flight when it died are done again, first together, then one by one, so that
// the photo that kills it is found and refused, unless a picture of ours kills it, too: then no
// photo is to blame. A decoder that does not answer in time is dead.
import { PATIENCE_SECONDS, type Decode, type Decoder, type LargePictureDecoder } from '../decode/decoder.ts'
import { connect, type Client } from '../wire/channel.ts'
import { decoderContract, type DecoderContract } from '../wire/decoder-contract.ts'
import { Fault, cancelled, isFault } from '../wire/fault.ts'
import type { Port } from '../wire/port.ts'
import { SharedLock } from './shared-lock.ts'

/** Deaths of the decoder with a photo among others, and then with it alone, until it is refused. */
const TOGETHER = 2
const ALONE = 2

/** A PNG of 8 x 8 pixels, which every decoder can read. */
const OURS =
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAADklEQVR42mNogAIGyhgAgIQgARDoahcAAAAA' +
  'SUVORK5CYII='

/** The longest time between two answers; the decoder itself gives up on a photo sooner. */
const LIMIT_SECONDS = PATIENCE_SECONDS + 30

/** Without a decode for so long, the decoder is let go. */
const IDLE_SECONDS = 60

export interface PortDecoderOptions {
  /** Something is to be decoded and there is no decoder: one should be attached. */
  onWanted?: () => void
  /** The decoder was let go: it can be closed. */
  onIdle?: () => void
  /** The decoder does not answer: it must be ended and replaced by whoever can. */
  onStuck?: () => void
  limitSeconds?: number
  idleSeconds?: number
}

type DecoderClient = Client<DecoderContract>
type Call<T> = (client: DecoderClient) => Promise<T>

interface Connection {
  client: DecoderClient
  /** Ends the decodes in flight; a port may not tell that its far end died. */
  inFlight: Set<(fault: Fault) => void>
  /** Ends a decoder that is silent while it is waited for, lets one go that is not. */
  silence: NodeJS.Timeout | undefined
}

/** The decoder behind whatever port there is at present. */
export class PortDecoder implements Decoder {
  readonly #tell: (state: 'lost' | 'ready') => void
  readonly #options: PortDecoderOptions
  readonly #limit: number // ms
  readonly #idle: number // ms
  readonly #lock = new SharedLock()
  readonly #waiting = new Set<(refusal?: Fault) => void>()
  #connection: Connection | undefined

  /** @param tell called when the decoder is gone, and when there is one */
  constructor(tell: (state: 'lost' | 'ready') => void, options: PortDecoderOptions = {}) {
    this.#tell = tell
    this.#options = options
    this.#limit = (options.limitSeconds ?? LIMIT_SECONDS) * 1000
    this.#idle = (options.idleSeconds ?? IDLE_SECONDS) * 1000
  }

  /** Takes a new port to a decoder, in place of the one before. */
  attach(port: Port): void {
    if (this.#connection) this.#drop(this.#connection)
    const client = connect(port, decoderContract)
    const connection: Connection = { client, inFlight: new Set(), silence: undefined }
    this.#connection = connection
    void connection.client.closed.then(() => this.#drop(connection))
    this.#listen(connection)
    this.#tell('ready')
    for (const wake of this.#waiting) wake()
  }

  /** There will be none, says whoever opens it: who waits does not wait on. */
  refuse(fault: Fault): void {
    for (const wake of this.#waiting) wake(fault)
  }

  /** See `Decode`. Waits while there is no decoder. */
  readonly decode: Decode = (request, signal) =>
    this.#done(request.subject, (client) => client.call('decode', request, signal), signal)

  /** See `LargePictureDecoder`. */
  readonly picture: LargePictureDecoder['picture'] = async (request, signal) => {
    const call = (client: DecoderClient) => client.call('picture', request, signal)
    return (await this.#done(request.subject, call, signal)).bytes
  }

  readonly hold: LargePictureDecoder['hold'] = async (request, signal) => {
    await this.#done(request.subject, (client) => client.call('hold', request, signal), signal)
  }

  /** Tried once: a decoder that was started again holds nothing. */
  readonly part: LargePictureDecoder['part'] = async (request, signal) => {
    const call = (client: DecoderClient) => client.call('part', request, signal)
    return (await this.#attempt('a part of a photo', call, signal)).bytes
  }

  /** Has something done with a photo, and again where the decoder dies of another. */
  async #done<T>(subject: string, call: Call<T>, signal: AbortSignal): Promise<T> {
    for (let deaths = 0; deaths < TOGETHER + ALONE; deaths++) {
      const turn = deaths < TOGETHER ? this.#lock.shared : this.#lock.exclusive
      try {
        return await turn(() => this.#attempt(subject, call, signal))
      } catch (error) {
        if (!isFault(error, 'process-lost')) throw error
      }
    }
    if (!(await this.#isFit(signal))) throw unfit
    const [expected, received] = ['a photo that can be decoded', 'the end of the decoder, each time']
    throw new Fault({ kind: 'ends-process', subject, expected, received })
  }

  /** False when it dies of a picture that it can read. */
  async #isFit(signal: AbortSignal): Promise<boolean> {
    const bytes = new Uint8Array(Buffer.from(OURS, 'base64'))
    const subject = 'a picture of Kindred'
    const ours = { bytes, format: 'png', shortSide: 8, thumbnail: false, subject } as const
    const call = (client: DecoderClient) => client.call('decode', ours, signal)
    try {
      await this.#lock.exclusive(() => this.#attempt(subject, call, signal))
    } catch (error) {
      if (isFault(error, 'process-lost')) return false
      throw error
    }
    return true
  }

  /** Somebody acts: see [Note: step aside]. A decoder that is started later need not know. */
  stepAside(): void {
    // One that dies meanwhile has nothing to do any more.
    this.#connection?.client.call('stepAside', {}).catch(() => undefined)
  }

  async #attempt<T>(subject: string, call: Call<T>, signal: AbortSignal): Promise<T> {
    const connection = await this.#connected(subject, signal)
    let end: (fault: Fault) => void = () => undefined
    try {
      return await new Promise<T>((resolve, reject) => {
        end = reject
        connection.inFlight.add(end)
        if (connection.inFlight.size === 1) this.#listen(connection)
        call(connection.client).then(resolve, reject)
      })
    } catch (error) {
      // Known here a moment before the port says so: the dead one must not be asked again.
      if (isFault(error, 'process-lost')) this.#drop(connection)
      throw error
    } finally {
      connection.inFlight.delete(end)
      this.#listen(connection)
    }
  }

  /** Waits for the next answer, from now on: photos may queue in the decoder for longer. */
  #listen(connection: Connection): void {
    clearTimeout(connection.silence)
    connection.silence = undefined
    if (this.#connection !== connection) return
    const isIdle = connection.inFlight.size === 0
    connection.silence = setTimeout(
      () => {
        if (this.#connection !== connection) return
        if (isIdle) this.#letGo(connection)
        else this.#drop(connection)
        if (isIdle) this.#options.onIdle?.()
        else this.#options.onStuck?.()
      },
      isIdle ? this.#idle : this.#limit
    )
    if (isIdle) connection.silence.unref()
  }

  #letGo({ client, silence }: Connection): void {
    this.#connection = undefined
    clearTimeout(silence)
    client.close()
  }

  #drop(connection: Connection): void {
    if (this.#connection !== connection) return
    this.#letGo(connection)
    for (const end of connection.inFlight) end(lost)
    this.#tell('lost')
  }

  async #connected(subject: string, signal: AbortSignal): Promise<Connection> {
    while (!this.#connection) {
      if (signal.aborted) throw cancelled(subject)
      if (this.#waiting.size === 0) this.#options.onWanted?.()
      await new Promise<void>((resolve, reject) => {
        const wake = (refusal?: Fault): void => {
          this.#waiting.delete(wake)
          signal.removeEventListener('abort', onAbort)
          if (refusal) reject(refusal)
          else resolve()
        }
        const onAbort = (): void => wake()
        this.#waiting.add(wake)
        signal.addEventListener('abort', onAbort)
      })
    }
    return this.#connection
  }
}

const lost = new Fault({
  kind: 'process-lost',
  subject: 'decoder',
  expected: 'an answer',
  received: 'a decoder that is gone'
})

const unfit = new Fault({
  kind: 'keeps-ending',
  subject: 'decoder',
  expected: 'the decoder to stay up',
  received: 'again and again, with any picture'
})
