// Calls to the file system of one volume, a drive or a share, which may not answer. Pure, but for
// timers.
//
// [Note: slow volumes] Node makes such calls in a pool of few threads and cannot take one back: of
// a volume that hangs each keeps its thread. So few calls of a volume are out at once, none has to
// be waited for, and a volume that owes an answer is asked nothing more, but for one call now and
// then that finds out whether it answers again. Time is counted in beats, since a program that was
// stopped, or a computer that slept, has not waited.
//   well     calls go out
//   slow     one is out for longer than usual: a disk starts to turn, say. Who can do something
//            else meanwhile hears `Unanswered`, and nobody is told. It is well again with an answer
//   silent   one is out for so long that no disk takes it: a Fault about the folder. Whatever call
//            comes back then, however late, makes it well
import * as v from 'valibot'
import { Fault, cancelled } from '../fault.ts'

/**
 * Threads of Node's pool: enough for some volumes that hang, beside those that do not. Read from
 * the environment when a process first uses its pool.
 */
export const POOL = { UV_THREADPOOL_SIZE: '64' }

/** Calls of one volume that are out at once: as many as Node makes at once of all, by itself. */
export const AT_ONCE = 4

/** Beside those, calls that were given up: more of them, and nothing goes out any more. */
export const SPARE = 2

/** How long an answer is waited for, ms: by who can do something else meanwhile, and by anybody. */
export const Patience = v.object({ slow: v.number(), silent: v.number() })
export type Patience = v.InferOutput<typeof Patience>

/** A disk that sleeps takes 10 to 15 s to turn. */
export const PATIENCE: Patience = { slow: 3000, silent: 45_000 }

/** Of a share behind a poor line, bytes a millisecond. */
const SLOWEST = 256

/** Beats until a volume is slow. */
const BEATS = 12
/**
 * So many answers in time, and a volume that was slow is waited for no longer than others. Fewer
 * than a look through its folders takes, and a disk that is late now and then would have each
 * given up before its end.
 */
const STEADY = 100_000

/** No answer came yet; that is no fault. */
export class Unanswered extends Error {
  readonly subject: string

  constructor(subject: string) {
    super(`${subject}: no answer yet`)
    this.name = 'Unanswered'
    this.subject = subject
  }
}

/** The fault of a folder whose volume does not answer, or of one photo alone. */
export function noAnswer(subject: string, about: 'folder' | 'photo' = 'folder'): Fault {
  const [expected, received] = ['an answer of the disk', 'none']
  return new Fault({ kind: 'disk-error', about, subject, expected, received })
}

/** How a call is made. */
export interface ReachOptions {
  /** It is waited for while the volume is slow, too. */
  isPatient?: boolean
  /** What it reads: an answer with many takes longer. */
  bytes?: number
  /** The file that it is about: while one of it is out that was given up it is not asked again. */
  file?: string
}

export interface VolumeOptions {
  /** As it is told. */
  subject: string
  patience?: Patience
  /** Calls that are out at once (default: AT_ONCE). */
  atOnce?: number
  /** An answer came after it was slow or silent. */
  onAnswer?: (() => void) | undefined
  /** It has become silent. */
  onSilence?: (() => void) | undefined
}

/** A call, which may find out whether anybody still waits for it: what it opened is closed then. */
export type Reach<T> = (isRefused: () => boolean) => Promise<T>

interface Asked {
  begin(): Promise<void> // resolves when the system answered
  refuse(error: Error): void
  isPatient: boolean
  extra: number // ms that it may take longer
  file: string | undefined
}

interface Call {
  asked: Asked
  beats: number
  isProbe: boolean
  isGivenUp: boolean // it is not waited for any more
}

/** The calls of one volume. */
export class VolumeCalls {
  readonly #options: VolumeOptions
  readonly #patience: Patience
  readonly #atOnce: number
  readonly #queue: Asked[] = []
  readonly #out = new Set<Call>()
  #waitedFor = 0 // calls that are out and were not given up
  #state: 'well' | 'slow' | 'silent' | 'closed' = 'well'
  #slowAfter: number // ms: longer after answers that came late, so that work comes to its end
  #inTime = 0
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(options: VolumeOptions) {
    this.#options = options
    this.#patience = options.patience ?? PATIENCE
    this.#atOnce = options.atOnce ?? AT_ONCE
    this.#slowAfter = this.#patience.slow
  }

  get state(): 'well' | 'slow' | 'silent' | 'closed' {
    return this.#state
  }

  /** Calls that the system has not answered. */
  get out(): number {
    return this.#out.size
  }

  /**
   * Makes a call when its turn comes. Throws `Unanswered` while the volume is slow, unless
   * `isPatient`; the Fault of its folder, disk-error, while it is silent; that of a photo whose file
   * alone gives no answer.
   */
  reach<T>(
    call: Reach<T>,
    { isPatient = false, bytes = 0, file }: ReachOptions = {}
  ): Promise<T> {
    if (file !== undefined && this.#isLost(file))
      return Promise.reject(noAnswer(file.slice(file.lastIndexOf('/') + 1), 'photo'))
    return new Promise<T>((resolve, reject) => {
      let isRefused = false
      this.#queue.push({
        async begin() {
          try {
            resolve(await call(() => isRefused))
          } catch (error) {
            reject(error)
          }
        },
        refuse(error) {
          isRefused = true
          reject(error)
        },
        isPatient,
        extra: bytes / SLOWEST,
        file
      })
      this.#go()
    })
  }

  /** Refuses all calls from now on, as cancelled; those that are out are not waited for. */
  close(): void {
    this.#state = 'closed'
    this.#go()
    for (const { asked } of this.#out) asked.refuse(this.#refusal())
    clearInterval(this.#timer)
  }

  /** Begins what may begin, refuses what has no use waiting. For each file of a scan, so fast. */
  #go(): void {
    while (this.#queue.length > 0 && this.#mayBegin()) this.#begin(this.#queue.shift()!)
    // Where none is waited for, all that are out were given up.
    if (this.#state === 'well' && this.#waitedFor > 0) return
    for (const asked of this.#queue.splice(0)) {
      if (this.#state === 'slow' && asked.isPatient) this.#queue.push(asked)
      else asked.refuse(this.#refusal())
    }
  }

  #mayBegin(): boolean {
    if (this.#out.size >= this.#atOnce + SPARE) return false
    if (this.#state === 'well') return this.#waitedFor < this.#atOnce
    return this.#state === 'silent' && ![...this.#out].some(({ isProbe }) => isProbe)
  }

  #begin(asked: Asked): void {
    const isProbe = this.#state === 'silent'
    const call: Call = { asked, beats: 0, isProbe, isGivenUp: false }
    this.#out.add(call)
    this.#waitedFor++
    this.#timer ??= setInterval(() => this.#beat(), this.#patience.slow / BEATS)
    void asked.begin().then(() => this.#answered(call))
  }

  #answered(call: Call): void {
    this.#out.delete(call)
    if (!call.isGivenUp) this.#waitedFor--
    this.#rest()
    if (this.#state === 'closed') return
    if (this.#state === 'well') {
      if (++this.#inTime >= STEADY) this.#slowAfter = this.#patience.slow
      return this.#go()
    }
    if (this.#state === 'slow')
      this.#slowAfter = Math.min(this.#patience.silent, 2 * this.#slowAfter)
    this.#inTime = 0
    this.#state = 'well'
    this.#go()
    this.#options.onAnswer?.()
  }

  /** The clock stands still while nobody waits. */
  #rest(): void {
    if (this.#waitedFor > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #isLost(file: string): boolean {
    return [...this.#out].some(({ asked, isGivenUp }) => isGivenUp && asked.file === file)
  }

  /** How long a call has been late, ms. */
  #waited({ beats, asked }: Call): number {
    return beats * (this.#patience.slow / BEATS) - asked.extra
  }

  #beat(): void {
    let most = 0
    for (const call of this.#out) {
      if (call.isGivenUp) continue // it came to nothing before
      call.beats++
      const waited = this.#waited(call)
      if (waited >= this.#patience.silent) {
        call.isGivenUp = true
        this.#waitedFor--
      }
      if (call.isProbe && waited >= this.#slowAfter) call.asked.refuse(this.#refusal())
      most = Math.max(most, waited)
    }
    if (most >= this.#patience.silent) this.#fallSilent()
    else if (most >= this.#slowAfter && this.#state === 'well') {
      this.#state = 'slow'
      for (const { asked } of this.#out) if (!asked.isPatient) asked.refuse(this.#refusal())
      this.#go()
    }
    this.#rest()
  }

  #fallSilent(): void {
    const isNews = this.#state !== 'silent'
    this.#state = 'silent'
    const refusal = this.#refusal()
    for (const { asked } of this.#out) asked.refuse(refusal)
    for (const asked of this.#queue.splice(0)) asked.refuse(refusal)
    if (isNews) this.#options.onSilence?.()
  }

  #refusal(): Error {
    const { subject } = this.#options
    if (this.#state === 'closed') return cancelled(subject)
    if (this.#state === 'slow') return new Unanswered(subject)
    return noAnswer(subject)
  }
}
