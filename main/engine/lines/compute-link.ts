// The engine's line to compute, which may die and be replaced at any time, and is let go while
// nothing is asked of it. Runs in the writer, and in the command line where it only looks at a
// library; never loads compute. Whoever calls during a death gets `process-lost` and asks for a new
// session.
//
// [Note: rest] An app that is open and idle would keep some 100 MB for a compute that does
// nothing: a quarter of all it takes. A session is asked for right before each call, so after a
// while without calls nobody holds one, and compute can end. Who asks next waits for its start,
// which takes a second; so it is there while somebody acts, and starts as soon as somebody does.
// The one that is started with the app, in case it is needed, does not stay for long where it is
// not.
import { connect } from '../../wire/channel.ts'
import { computeContract } from '../../wire/compute-contract.ts'
import { Fault, cancelled, faultOf, isFault } from '../../wire/fault.ts'
import type { Port } from '../../wire/port.ts'
import { Life } from './compute-session.ts'
import type { Session } from './compute-session.ts'

export interface LinkOptions {
  /** Folder of the library's tuned backbones. */
  tuned: string
  /** Makes a new session fit for use: tells it the model. */
  prepare(session: Session): Promise<void>
  onBegan(ids: readonly number[]): void
  onState(state: LinkState): void
  /** A compute of which nothing was asked for so long is let go, ms; left out: never. */
  restsAfter?: number | undefined
  /** The same of one that was started in case it is needed, while nobody has asked or acted. */
  unaskedRestsAfter?: number
  /** There is none yet, as in a rest: `onNeed` is told when one is to be attached. */
  beginsAtRest?: boolean
  /** Compute is let go and can be ended (false), or one is to be attached again (true). */
  onNeed?: (isNeeded: boolean) => void
}

/**
 * refused: no compute, and none comes; resting: let go until somebody asks, and while it starts
 * again for that; decoder-lost: it is there, its decoder is started again.
 */
export type LinkState =
  | 'absent'
  | 'refused'
  | 'resting'
  | 'starting'
  | 'ready'
  | 'decoder-lost'

export interface ComputeLink {
  /** A compute was started; after `close` its port is closed at once. */
  attach(port: Port): void
  /**
   * The present session, waiting for one if need be. Rejects with the Fault that compute has, and
   * cancelled after `close`.
   */
  session(signal?: AbortSignal): Promise<Session>
  /** The present session if it is ready. */
  current(): Session | undefined
  /** Whether whoever asks for a session can count on one: it is ready, or rests. */
  isAtHand(): boolean
  /** Somebody acts: see [Note: step aside] and [Note: rest]. */
  stepAside(): void
  /** Compute cannot start: whoever waits for it, now or later, is told why. */
  refuse(fault: Fault): void
  close(): void
}

/** ms; an act in that time keeps it there for as long as one that was asked. */
const UNASKED_RESTS_AFTER = 5000

type Waiting = { resolve: (session: Session) => void; reject: (error: Error) => void }

/** Makes the line, without a compute at first. */
export function createComputeLink(options: LinkOptions): ComputeLink {
  let life: Life | undefined
  let trouble: Fault | undefined
  let isRefused = false
  // waking: somebody waits for its start
  let rest: 'none' | 'resting' | 'waking' = options.beginsAtRest ? 'resting' : 'none'
  let timer: NodeJS.Timeout | undefined
  let isUnasked = false // the present life was started in case it is needed
  let closed = false
  const waiting = new Set<Waiting>()

  function settle(how: (one: Waiting) => void): void {
    for (const one of [...waiting]) {
      waiting.delete(one)
      how(one)
    }
  }

  /** Nothing is asked of this life just now. */
  function onQuiet(quiet: Life, atMost = Infinity): void {
    if (options.restsAfter === undefined || life !== quiet) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (life !== quiet || !quiet.ready || quiet.active > 0) return
      rest = 'resting'
      life = undefined
      options.onNeed?.(false) // first: its end is no accident
      quiet.end()
      options.onState('resting')
    }, Math.min(options.restsAfter, atMost))
  }

  function wake(): void {
    if (closed || rest !== 'resting') return
    rest = 'waking'
    options.onNeed?.(true)
  }

  async function start(next: Life): Promise<void> {
    if (rest === 'none') options.onState('starting')
    try {
      next.backbone = await next.call('openBackbones', { tuned: options.tuned })
      await options.prepare(next)
    } catch (error) {
      if (life !== next || isFault(error, 'process-lost')) return
      rest = 'none'
      trouble = faultOf(error, 'compute')
      settle((one) => one.reject(trouble!))
      return
    }
    if (life !== next) return
    rest = 'none'
    next.ready = true
    isRefused = false
    options.onState('ready')
    settle((one) => one.resolve(next))
    onQuiet(next, isUnasked ? (options.unaskedRestsAfter ?? UNASKED_RESTS_AFTER) : undefined)
  }

  return {
    attach(port) {
      if (closed) return port.close()
      wake() // nobody asked for it, if it was started while the other was let go: it may be ended
      life?.end()
      trouble = undefined
      isUnasked = rest === 'none' && waiting.size === 0
      const client = connect(port, computeContract)
      const next = new Life(client, () => onQuiet(next))
      life = next
      client.on('began', ({ ids }) => {
        next.begin(ids)
        if (life === next) options.onBegan(ids)
      })
      client.on('decoder', ({ state }) => {
        if (life !== next || !next.ready) return
        options.onState(state === 'lost' ? 'decoder-lost' : 'ready')
      })
      void client.closed.then(() => {
        next.end()
        if (life !== next) return
        life = undefined
        rest = 'none'
        options.onState(isRefused ? 'refused' : 'absent')
      })
      void start(next)
    },
    session(signal) {
      if (closed) return Promise.reject(cancelled('compute'))
      isUnasked = false
      if (life?.ready) return Promise.resolve(life)
      if (trouble && !(life && trouble.record.passes)) return Promise.reject(trouble)
      if (trouble && life) {
        trouble = undefined // what kept it from being used may have passed
        void start(life)
      }
      if (signal?.aborted) return Promise.reject(cancelled('compute'))
      wake()
      return new Promise((resolve, reject) => {
        const one: Waiting = {
          resolve: (session) => (signal?.removeEventListener('abort', leave), resolve(session)),
          reject: (error) => (signal?.removeEventListener('abort', leave), reject(error))
        }
        const leave = (): void => void (waiting.delete(one) && reject(cancelled('compute')))
        waiting.add(one)
        signal?.addEventListener('abort', leave, { once: true })
      })
    },
    current: () => (life?.ready ? life : undefined),
    isAtHand: () => life?.ready === true || rest !== 'none',
    stepAside() {
      isUnasked = false
      wake()
      if (!life?.ready) return
      life.stepAside()
      onQuiet(life)
    },
    refuse(fault) {
      isRefused = true
      rest = 'none'
      trouble = fault
      if (!life) options.onState('refused')
      settle((one) => one.reject(fault))
    },
    close() {
      closed = true
      clearTimeout(timer)
      life?.end()
      life = undefined
      settle((one) => one.reject(cancelled('compute')))
    }
  }
}
