// Where one has been among kin: a line of questions with a place on it, as in a web browser. Pure;
// runs in the page. Values are never changed, each function gives a new history.
import type { Filter } from '../../main/wire/filter.ts'
import { isSameQuestion } from './question.ts'
import type { Question } from './question.ts'

export interface Visit {
  question: Question
  /** Pixels that the list of kin was scrolled when the visit was left. */
  kinScroll: number
  /** What narrowed the kin when the visit was left; of the one that is shown: when it began. */
  filter: Filter
}

/** How a visit is left. */
export type Leaving = Pick<Visit, 'kinScroll' | 'filter'>

export interface History {
  visits: readonly Visit[]
  /** The visit that is shown; -1 in an empty history. */
  at: number
}

export const NO_HISTORY: History = { visits: [], at: -1 }
/** Older visits than this are forgotten. */
const LONGEST = 500

/** The visit that is shown; nothing in an empty history. */
export function current(history: History): Visit | undefined {
  return history.visits[history.at]
}

/** Whether there is a visit before (-1) or after (1) this one. */
export function canGo(history: History, by: -1 | 1): boolean {
  return history.visits[history.at + by] !== undefined
}

/**
 * Goes on to a question, narrowed as now; what lay ahead is forgotten. The one that is shown
 * already is no new visit.
 */
export function follow(history: History, question: Question, leaving: Leaving): History {
  const now = current(history)
  if (now && isSameQuestion(now.question, question)) return history
  const behind = left(history, leaving).slice(0, history.at + 1)
  const visits = [...behind, { question, kinScroll: 0, filter: leaving.filter }].slice(-LONGEST)
  return { visits, at: visits.length - 1 }
}

/**
 * Asks another question in the place of the present one: stepping through the library is no visit.
 */
export function replace(history: History, question: Question): History {
  const visits = history.visits.map((visit, i) =>
    i === history.at ? { ...visit, question, kinScroll: 0 } : visit
  )
  return { ...history, visits }
}

/** One visit back or forward; the same history where there is none. */
export function go(history: History, by: -1 | 1, leaving: Leaving): History {
  if (!canGo(history, by)) return history
  return { visits: left(history, leaving), at: history.at + by }
}

/** The same visit, as it is left: how it is scrolled is kept while it is asked again. */
export function stay(history: History, leaving: Leaving): History {
  return { ...history, visits: left(history, leaving) }
}

function left(history: History, leaving: Leaving): Visit[] {
  return history.visits.map((visit, i) => (i === history.at ? { ...visit, ...leaving } : visit))
}
