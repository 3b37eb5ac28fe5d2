// What is told of indexing: counts, speed, time left. Runs in the writer. Counts come from stored
// status; only the speed is remembered here.
import type { Progress } from '../../wire/engine-records.ts'
import type { Fault } from '../../wire/fault.ts'
import type { LinkState } from '../lines/compute-link.ts'
import { guarded } from '../faults/guarded.ts'

/** Told at most this often, ms. */
const TELL_EVERY = 200
/** The speed is that of the last so many ms. */
const WINDOW = 15_000
/** A speed over less than this says nothing, ms. */
const LEAST = 1_000

export interface ProgressMeter {
  snapshot(): Progress
  /** Photos were dealt with. */
  add(indexed: number, failed: number): void
  /** A run begins: counts of this run start at 0. */
  begin(): void
  /** Something of the state changed; listeners are told soon. */
  set(state: Partial<Facts>): void
  on(listener: (progress: Progress) => void): () => void
  /** What is still to be told is told now. */
  flush(): void
  close(): void
}

export interface Facts {
  scanning: boolean
  indexing: boolean
  fitting: boolean
  paused: boolean
  compute: LinkState
  currentFile: string | null
}

/** What the catalogue says, asked for at each snapshot. */
export interface Stored {
  /** Photos that can be done and are not yet. */
  left(): number
  waits(): Progress['waits']
  /** The catalogue cannot be read now: nothing is told. */
  onFault(fault: Fault): void
}

/** Makes the meter. */
export function createProgressMeter(
  { left, waits, onFault }: Stored,
  now = Date.now
): ProgressMeter {
  const listeners = new Set<(progress: Progress) => void>()
  const facts: Facts = {
    scanning: false,
    indexing: false,
    fitting: false,
    paused: false,
    compute: 'absent',
    currentFile: null
  }
  let done = 0
  let failed = 0
  let samples: { at: number; done: number }[] = []
  let wasThere = false
  let timer: NodeJS.Timeout | undefined
  let toldAt = 0

  /** Photos a second over the window; 0 while it is not known. */
  function speed(): number {
    const first = samples[0]
    const time = now()
    if (!first || time - first.at < LEAST) return 0
    return (done - first.done) / ((time - first.at) / 1000)
  }

  function stateNow(): Progress['state'] {
    if (facts.paused) return 'paused'
    if (facts.indexing) return 'indexing'
    if (facts.fitting) return 'fitting'
    return facts.scanning ? 'scanning' : 'idle'
  }

  function restarting(): Progress['restarting'] {
    if (facts.compute === 'decoder-lost') return 'decoder'
    const isComing = facts.compute === 'absent' || facts.compute === 'starting'
    return wasThere && isComing ? 'compute' : null
  }

  function snapshot(): Progress {
    const remaining = left()
    const photosPerSecond = facts.indexing ? speed() : 0
    return {
      state: stateNow(),
      done,
      total: done + remaining,
      failed,
      photosPerSecond,
      secondsLeft: photosPerSecond > 0 ? remaining / photosPerSecond : null,
      currentFile: facts.indexing ? facts.currentFile : null,
      restarting: restarting(),
      waits: waits()
    }
  }

  const tellNow = guarded(onFault, () => {
    timer = undefined
    toldAt = now()
    const progress = snapshot()
    for (const listener of listeners) listener(progress)
  })

  function tell(): void {
    if (timer || listeners.size === 0) return
    timer = setTimeout(tellNow, Math.max(0, toldAt + TELL_EVERY - now()))
  }

  return {
    snapshot,
    add(indexed, newlyFailed) {
      done += indexed + newlyFailed
      failed += newlyFailed
      const time = now()
      samples.push({ at: time, done })
      // The oldest sample inside the window stands for its start.
      while (samples.length > 2 && time - samples[1]!.at > WINDOW) samples.shift()
      tell()
    },
    begin() {
      done = 0
      failed = 0
      samples = [{ at: now(), done: 0 }]
      tell()
    },
    set(state) {
      Object.assign(facts, state)
      if (facts.compute === 'ready') wasThere = true
      if (facts.compute === 'resting') wasThere = false // its next start is no restart
      tell()
    },
    on(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    flush() {
      if (!timer) return
      clearTimeout(timer)
      tellNow()
    },
    close: () => clearTimeout(timer)
  }
}
