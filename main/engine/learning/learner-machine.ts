// Walks through the learner's table: which state it is in, which commands wait in the line, what
// happens next. Pure but for these; what the effects do is not known here.
import { Bug } from '../../wire/fault.ts'
import { TABLE } from './learner-table.ts'
import type { Effect, Event, LearnerCommand, State, Step } from './learner-table.ts'

/** Work for a command is under way in these. */
const WORK: ReadonlySet<State> = new Set(['dropping', 'replacing', 'measuring', 'returning'])

/** How the work that was under way has ended. */
export type End<R> = { event: 'done'; result: R } | { event: 'failed'; error: unknown }

/** What brings an effect about. */
export interface Occasion<C, R> {
  /** The command that brings it about, or that the work which ended was for. */
  command: C | undefined
  end: End<R> | undefined
}

export interface MachineParts<C, R> {
  /** What a command is at this moment. */
  commandOf(command: C): LearnerCommand
  /** What is asked for because of how things are; looked at while no command waits. */
  wish(state: State): 'go' | 'hold' | 'measure' | undefined
  /** Carries an effect out. Work is only begun; its end is told by `end`. Must not throw. */
  carryOut(effect: Effect, occasion: Occasion<C, R>): void
}

/**
 * The state and the line of commands.
 * @typeParam C a command, with whoever asked for it
 * @typeParam R what work ends with
 */
export class LearnerMachine<C, R> {
  readonly #parts: MachineParts<C, R>
  readonly #line: C[] = []
  #state: State = 'resting'
  #inHand: C | undefined // the work under way is for this
  #isLooking = false

  constructor(parts: MachineParts<C, R>) {
    this.#parts = parts
  }

  get state(): State {
    return this.#state
  }

  /** What is done next, once there is room for it. */
  get nextCommand(): LearnerCommand | undefined {
    const [command] = this.#line
    return command && this.#parts.commandOf(command)
  }

  /** A command takes its place in the line: the last, or the first. */
  ask(command: C, place: 'last' | 'first' = 'last'): void {
    if (place === 'first') this.#line.unshift(command)
    else this.#line.push(command)
    this.look()
  }

  /** The work that was under way has ended. */
  end(end: End<R>): void {
    const command = this.#inHand
    this.#inHand = undefined
    this.#withoutLooking(() => this.#take(this.#stepFor(end.event), { command, end }))
    this.look()
  }

  /** Something changed: does what can be done now. */
  look(): void {
    this.#withoutLooking(() => {
      while (this.#goOn()) continue
    })
  }

  /** What an effect asks for meanwhile is seen when it is over. */
  #withoutLooking(work: () => void): void {
    if (this.#isLooking) return
    this.#isLooking = true
    try {
      work()
    } finally {
      this.#isLooking = false
    }
  }

  /** One event; false when there is none, or it has to wait for the work under way. */
  #goOn(): boolean {
    const [command] = this.#line
    const event = command ? this.#parts.commandOf(command) : this.#parts.wish(this.#state)
    if (!event) return false
    const cell = TABLE[this.#state][event]
    if (cell === 'waits') return false
    if (cell === 'ignored') return this.#line.shift() !== undefined
    const step = this.#stepFor(event)
    if (command && !step.again) this.#line.shift()
    if (WORK.has(step.to) && step.to !== this.#state) this.#inHand = command
    this.#take(step, { command, end: undefined })
    return !step.again
  }

  #stepFor(event: Event): Step {
    const cell = TABLE[this.#state][event]
    if (typeof cell === 'string') throw new Bug(`the learner is ${this.#state}: ${event} is ${cell}`)
    return cell
  }

  #take({ to, effects }: Step, occasion: Occasion<C, R>): void {
    this.#state = to
    for (const effect of effects) this.#parts.carryOut(effect, occasion)
  }
}
