// The learner as a table: what it is at, what may happen, and what follows. learner-machine.ts
// walks through it, learner.ts carries the effects out. Pure.
//
//   resting    go -> learning: start
//              hold: ignored
//              learn -> resting: adopt
//              replace -> replacing: refuse, give-up
//              cancel -> dropping: refuse, give-up
//              discard -> dropping: discard
//              measure -> measuring: measure
//              go-back -> returning: go-back
//              close -> closed: refuse, release
//              done, failed: impossible
//   learning   go: ignored
//              hold -> halting: abort
//              learn -> learning: adopt
//              replace, cancel, discard, measure, go-back, close -> halting: abort, asked again
//              done -> resting: answer
//              failed -> resting: refuse, count, retry
//   halting    go, hold: ignored
//              learn -> halting: adopt
//              replace, cancel, discard, measure, go-back, close: waits
//              done -> resting: answer
//              failed -> resting
//   dropping   go, hold: ignored
//              learn, replace, cancel, discard, measure, go-back, close: waits
//              done -> resting
//              failed -> resting: retry
//   replacing  go, hold: ignored
//              learn, replace, cancel, discard, measure, go-back, close: waits
//              done -> resting: adopt
//              failed -> resting: turn-away, retry
//   measuring  go, hold: ignored
//              learn, replace, cancel, discard, measure, go-back: waits
//              close -> measuring: abort, asked again
//              done -> resting: reply
//              failed -> resting: turn-away
//   returning  go, hold: ignored
//              learn, replace, discard, measure, go-back: waits
//              cancel -> returning: abort
//              close -> returning: abort, asked again
//              done -> resting: refuse, reply
//              failed -> resting: turn-away
//   closed     go, hold, cancel, discard: ignored
//              learn, replace, measure, go-back -> closed: turn-away
//              close -> closed: release
//              done, failed: impossible

/** What the learner is at. */
export const STATES = [
  'resting', // nothing is under way
  'learning', // a run is carried out
  'halting', // the run was told to stop, and has not stopped yet
  'dropping', // a run is given up: what it has made is removed
  'replacing', // the same, to make room for the run that someone wants
  'measuring', // devices are measured
  'returning', // an earlier model comes to serve again
  'closed'
] as const
export type State = (typeof STATES)[number]

/** Asked for by whoever holds the learner; one after the other, in a line. */
export const LEARNER_COMMANDS = [
  'learn', // a run is wanted: the one that is unfinished, or a new one
  'replace', // another run is wanted than the one that is unfinished
  'cancel', // the run is given up, or the way back to an earlier model
  'discard', // the run has failed too often
  'measure', // the devices
  'go-back', // to an earlier model
  'close' // before all other commands
] as const
export type LearnerCommand = (typeof LEARNER_COMMANDS)[number]

/** What may happen. */
export const EVENTS = [
  // because of how things are, while no command waits; `measure` may be, too
  'go', // a run is wanted, and nothing stands in its way
  'hold', // no run may go on: it is paused, or the power is a battery's
  ...LEARNER_COMMANDS,
  // the end of what is under way
  'done',
  'failed'
] as const
export type Event = (typeof EVENTS)[number]

/** What is done about it. The first five are work, which ends with `done` or `failed`. */
export type Effect =
  | 'start' // the run is carried out
  | 'give-up' // the run is dropped; its photos count as learned from
  | 'discard' // the run is dropped; its photos are as new as before
  | 'measure'
  | 'go-back'
  | 'abort' // the work is told to stop
  | 'adopt' // the command's caller waits for the run; what held it holds it no more
  | 'reply' // the command's caller gets its result
  | 'turn-away' // the command's caller gets the fault
  | 'answer' // those who wait for the run get its result
  | 'refuse' // those who wait for the run get the fault, or that it was given up
  | 'count' // a failure of the run: after too many it is discarded
  | 'retry' // the failure is told; the run goes on after a while
  | 'release' // nobody is told anything any more

export interface Step {
  to: State
  effects: readonly Effect[]
  /** This only makes room for the command, which stays the first in the line. */
  again: boolean
}
/** `waits`: the command stays in the line, and nothing is done. */
export type Cell = Step | 'waits' | 'ignored' | 'impossible'
type Row = Readonly<Record<Event, Cell>>

function to(state: State, ...effects: Effect[]): Step {
  return { to: state, effects, again: false }
}

function first(state: State, ...effects: Effect[]): Step {
  return { to: state, effects, again: true }
}

/** While other work is under way no run starts, and none has to be held. */
const noRun = { go: 'ignored', hold: 'ignored' } as const
const noWork = { done: 'impossible', failed: 'impossible' } as const
const allWait = {
  learn: 'waits',
  replace: 'waits',
  cancel: 'waits',
  discard: 'waits',
  measure: 'waits',
  'go-back': 'waits',
  close: 'waits'
} as const

export const TABLE: Readonly<Record<State, Row>> = {
  resting: {
    go: to('learning', 'start'),
    hold: 'ignored',
    learn: to('resting', 'adopt'),
    replace: to('replacing', 'refuse', 'give-up'),
    cancel: to('dropping', 'refuse', 'give-up'),
    discard: to('dropping', 'discard'),
    measure: to('measuring', 'measure'),
    'go-back': to('returning', 'go-back'),
    close: to('closed', 'refuse', 'release'),
    ...noWork
  },
  learning: {
    go: 'ignored',
    hold: to('halting', 'abort'),
    learn: to('learning', 'adopt'),
    replace: first('halting', 'abort'),
    cancel: first('halting', 'abort'),
    discard: first('halting', 'abort'),
    measure: first('halting', 'abort'),
    'go-back': first('halting', 'abort'),
    close: first('halting', 'abort'),
    done: to('resting', 'answer'),
    failed: to('resting', 'refuse', 'count', 'retry')
  },
  halting: {
    ...noRun,
    ...allWait,
    learn: to('halting', 'adopt'),
    done: to('resting', 'answer'), // it came to its end before it heard
    failed: to('resting')
  },
  dropping: { ...noRun, ...allWait, done: to('resting'), failed: to('resting', 'retry') },
  replacing: {
    ...noRun,
    ...allWait,
    done: to('resting', 'adopt'),
    failed: to('resting', 'turn-away', 'retry')
  },
  measuring: {
    ...noRun,
    ...allWait,
    close: first('measuring', 'abort'),
    done: to('resting', 'reply'),
    failed: to('resting', 'turn-away')
  },
  returning: {
    ...noRun,
    ...allWait,
    cancel: to('returning', 'abort'),
    close: first('returning', 'abort'),
    done: to('resting', 'refuse', 'reply'), // the unfinished run was given up for it
    failed: to('resting', 'turn-away')
  },
  closed: {
    ...noRun,
    learn: to('closed', 'turn-away'),
    replace: to('closed', 'turn-away'),
    cancel: 'ignored',
    discard: 'ignored',
    measure: to('closed', 'turn-away'),
    'go-back': to('closed', 'turn-away'),
    close: to('closed', 'release'),
    ...noWork
  }
}

/** The table as text: a block for each state, a line for the events with the same step. */
export function tableText(): string {
  return STATES.map((state) => {
    const lines = new Map<string, Event[]>()
    for (const event of EVENTS) {
      const text = cellText(TABLE[state][event])
      lines.set(text, [...(lines.get(text) ?? []), event])
    }
    return [...lines]
      .map(([text, events], i) => `${(i === 0 ? state : '').padEnd(10)} ${events.join(', ')}${text}`)
      .join('\n')
  }).join('\n')
}

function cellText(cell: Cell): string {
  if (typeof cell === 'string') return `: ${cell}`
  const effects = cell.effects.length > 0 ? `: ${cell.effects.join(', ')}` : ''
  return ` -> ${cell.to}${effects}${cell.again ? ', asked again' : ''}`
}
