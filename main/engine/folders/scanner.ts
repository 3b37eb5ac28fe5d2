// Decides when which folder is looked through: all at start and from time to time, parts on a hint.
// Directories that could not be listed are tried again when their time comes. Runs in the writer.
// One scan at a time; whatever changes folders waits in the same line.
import { basename } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { FolderRow } from '../../catalogue/folder-table.ts'
import type { StepAside } from '../../wire/step-aside.ts'
import { noAnswer } from '../../wire/disk/volume-calls.ts'
import type { Spacings } from '../faults/decision.ts'
import { Unanswered, currentMounts, isAnySlow, onNews } from '../faults/disk.ts'
import { closedDirectories } from './closed.ts'
import { placeNow } from './moved-folder.ts'
import { presenceOf } from './presence.ts'
import { reconcile } from './reconcile.ts'
import type { Findings, Scope } from './reconcile.ts'
import type { Start } from './visit.ts'

export interface ScannerOptions {
  except: string
  settle: number // ms
  /** How long is waited until a directory that cannot be listed is tried again. */
  spacing?: Spacings | undefined
  /** While somebody acts no directory is begun. */
  aside: StepAside
  /** Told after each scan, also when nothing was found; the next one waits for it. */
  onFindings(findings: Findings): Promise<void>
  /** A folder came or went. */
  onPresence(folder: FolderRow): void
  /** Rows were written; the scan goes on. */
  onRows(): void
  /** A scan could not be done; it is done anew when work goes on. */
  onFault(error: unknown): void
  /** Something is scanned or waits for its turn; or nothing any more. */
  onBusy(busy: boolean): void
}

export interface Scanner {
  /** True while something is scanned or waits for its turn. */
  readonly busy: boolean
  /** Looks through the folders given (all when none are). */
  scan(folders?: readonly number[]): Promise<void>
  /** Something may have changed in a directory; `deep`: also below it. Looked at soon. */
  hint(folder: number, directory: string, deep: boolean): void
  /** Looks once more through what could not be looked through. */
  goOn(): void
  /** Directories that could not be listed are tried now, without waiting for their time. */
  tryNow(): void
  /** Runs what changes folders when no scan is on. */
  exclusively<T>(work: () => Promise<T> | T): Promise<T>
  /** Stops at the next directory; resolves when nothing runs any more. */
  close(): Promise<void>
}

/** The longest that a timer of Node waits, and the least that is worth one, ms. */
const LONGEST = 2 ** 31 - 1
const LEAST = 50

// Hints of one change come in bursts: they are collected for so long, ms.
const COLLECT = 500

/** Makes the scanner of a catalogue; nothing is scanned before it is asked for. */
export function createScanner(catalogue: Catalogue, options: ScannerOptions): Scanner {
  const controller = new AbortController()
  const known = new Map<number, Set<string>>()
  const hints = new Map<number, Map<string, boolean>>()
  const timers = new Set<NodeJS.Timeout>()
  let missed: ReadonlyMap<number, Start[]>[] = [] // parts that could not be looked through
  /** Folders that are looked through as a whole once their disk answers, or is given up. */
  const unanswered = new Set<number>()
  let tail: Promise<unknown> = Promise.resolve()
  let queued = 0
  let told = false
  let closedTimer: NodeJS.Timeout | undefined

  const busy = (): boolean => queued > 0 || timers.size > 0 || unanswered.size > 0

  function tellBusy(): void {
    if (told === busy()) return
    told = !told
    options.onBusy(told)
  }

  function enqueue<T>(work: () => Promise<T> | T): Promise<T> {
    queued++
    tellBusy()
    const done = tail.then(() => {
      controller.signal.throwIfAborted()
      return work()
    })
    const settled = (): void => {
      queued--
      tellBusy()
    }
    tail = done.then(settled, settled)
    return done
  }

  function later(milliseconds: number, work: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      work()
      tellBusy()
    }, milliseconds)
    timers.add(timer)
    tellBusy()
  }

  async function scopeOf(folder: FolderRow, starts: Start[]): Promise<Scope | undefined> {
    const closed = closedDirectories(catalogue, folder, Date.now, options.spacing)
    if (unanswered.has(folder.id)) return undefined
    if (!folder.present && closed.waits('')) return undefined
    const { present, fault } = await presenceOf(catalogue, folder)
    controller.signal.throwIfAborted() // else the end would be the folder's fault
    if (!present && !fault) {
      const place = await placeNow(catalogue, folder, currentMounts())
      if (place !== undefined) return foundAgain(folder, place)
    }
    // One that is there is listed, which tells more.
    const became = present ? 'same' : closed.heard('', fault)
    if (present !== folder.present) {
      known.delete(folder.id)
      catalogue.folders.setPresent(folder.id, present)
    }
    if (present !== folder.present || became !== 'same') options.onPresence({ ...folder, present })
    if (!present) return undefined
    const directories = known.get(folder.id) ?? new Set()
    known.set(folder.id, directories)
    return { folder, starts, known: directories }
  }

  /** A folder that was not where it was is looked through as a whole, where it lies now. */
  function foundAgain({ id }: FolderRow, path: string): Scope {
    catalogue.folders.relocate(id, path, basename(path))
    const folder = { id, path, name: basename(path), present: true }
    const directories = new Set<string>()
    known.set(id, directories)
    options.onPresence(folder)
    return { folder, starts: [{ directory: '', deep: true }], known: directories }
  }

  /** Looks through the given parts, by folder id. */
  async function look(parts: ReadonlyMap<number, Start[]>): Promise<void> {
    try {
      await lookThrough(parts)
    } catch (error) {
      missed.push(parts)
      throw error
    }
    waitForClosed()
  }

  /** Until the next directory that could not be listed is tried. */
  function waitForClosed(): void {
    clearTimeout(closedTimer)
    const at = catalogue.closed.next()
    if (at === undefined || controller.signal.aborted) return
    const after = Math.min(LONGEST, Math.max(LEAST, at - Date.now()))
    closedTimer = setTimeout(() => enqueue(lookAtClosed).catch(tell), after)
  }

  async function lookAtClosed(): Promise<void> {
    const parts = new Map<number, Start[]>()
    for (const { folder, directory } of catalogue.closed.due(Date.now())) {
      const starts = parts.get(folder) ?? []
      parts.set(folder, [...starts, { directory, deep: false }]) // what is below is not known yet
    }
    await look(parts)
  }

  async function lookThrough(parts: ReadonlyMap<number, Start[]>): Promise<void> {
    const scopes: Scope[] = []
    for (const folder of catalogue.folders.list()) {
      const starts = parts.get(folder.id)
      try {
        const scope = starts && (await scopeOf(folder, starts))
        if (scope) scopes.push(scope)
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error
        unanswered.add(folder.id)
      }
    }
    const findings = await reconcile(catalogue, scopes, {
      except: options.except,
      settle: options.settle,
      spacing: options.spacing,
      now: Date.now,
      aside: options.aside,
      onRows: options.onRows,
      signal: controller.signal
    })
    for (const folder of findings.unanswered) unanswered.add(folder)
    if (!isAnySlow()) lookAtUnanswered() // it has answered meanwhile
    for (const [folder, directories] of findings.unsettled)
      for (const directory of directories)
        later(options.settle, () => hint(folder, directory, false))
    await options.onFindings(findings)
  }

  /** Folders that were given up: all of each, since a part says nothing of what is below it. */
  function lookAtUnanswered(): void {
    const ids = [...unanswered]
    unanswered.clear()
    if (ids.length > 0 && !controller.signal.aborted) scan(ids).catch(tell)
  }

  async function scan(folders?: readonly number[]): Promise<void> {
    await enqueue(() => {
      const ids = folders ?? catalogue.folders.list().map((folder) => folder.id)
      return look(new Map(ids.map((id) => [id, [{ directory: '', deep: true }]])))
    })
  }

  function tryNow(): void {
    catalogue.closed.releaseAll()
    if (catalogue.closed.next() !== undefined) enqueue(lookAtClosed).catch(tell)
  }

  const leave = onNews((news) => {
    lookAtUnanswered()
    if (news === 'answer' && !controller.signal.aborted) tryNow()
  })

  function hint(folder: number, directory: string, deep: boolean): void {
    if (controller.signal.aborted) return
    if (hints.size === 0) later(COLLECT, lookAtHints)
    const directories = hints.get(folder) ?? new Map<string, boolean>()
    hints.set(folder, directories)
    directories.set(directory, deep || directories.get(directory) === true)
  }

  function lookAtHints(): void {
    const parts = new Map<number, Start[]>()
    for (const [folder, directories] of hints)
      parts.set(
        folder,
        [...directories].map(([directory, deep]) => ({ directory, deep }))
      )
    hints.clear()
    enqueue(() => look(parts)).catch(tell)
  }

  function tell(error: unknown): void {
    if (!controller.signal.aborted) options.onFault(error)
  }

  function goOn(): void {
    const again = missed
    missed = []
    for (const parts of again) enqueue(() => look(parts)).catch(tell)
  }

  return {
    get busy() {
      return busy()
    },
    scan,
    hint,
    goOn,
    tryNow,
    exclusively: (work) =>
      enqueue(work).catch((error: unknown) => {
        throw error instanceof Unanswered ? noAnswer(error.subject) : error
      }),
    async close() {
      controller.abort()
      leave()
      unanswered.clear()
      clearTimeout(closedTimer)
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
      await tail
    }
  }
}
