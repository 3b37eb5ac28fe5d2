// What the command line prints: the answer on stdout (JSON with --json), progress on stderr.
// The only file of the command line that writes to either.
import { isFault } from '../wire/fault.ts'
import { systemFault } from '../wire/system-fault.ts'
import { faultLine } from './fault-lines.ts'

/** [Note: exit codes] Told by `kindred --help`; the same for every command. */
export const EXIT = {
  done: 0,
  /** A fault: its sentence is on stderr. */
  fault: 1,
  /** The command line itself was wrong. */
  usage: 2,
  /** An error of ours: its stack is on stderr. */
  bug: 3,
  /** Done as far as it goes: photos or folders wait, for what is on stderr. */
  waiting: 4,
  /** Stopped by Ctrl-C; what was done is kept. */
  interrupted: 130,
  /** Nobody reads on what it prints: as of a program that the signal SIGPIPE ended. */
  unread: 141
} as const

/**
 * Ends the command once its answer goes nowhere: quietly where nobody reads on, as in `kindred
 * --help | head -1`, and as a fault where the disk takes no more of it. Progress that goes nowhere
 * keeps no work from going on.
 */
export function endWithItsReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.unread)
    process.exit(tellError(systemFault(error, 'program', 'standard output', 'to take the answer')))
  })
  process.stderr.on('error', () => undefined)
}

/** Where nobody watches, a line of progress every so many ms is enough. */
const QUIET = 1000

export interface Output {
  /** Ends a command: `value` as one line of JSON, or `lines` for a person. */
  answer(value: unknown, lines: () => readonly string[]): void
  /**
   * One line on stderr: on a terminal it replaces the one before, elsewhere one a second is told.
   */
  progress(line: string): void
  /** A line on stderr that stays. */
  note(line: string): void
}

/** Prints to this process's own stdout and stderr. */
export function createOutput(json: boolean): Output {
  let drawn = false
  let told = 0 // when a line of progress last went to a file or a pipe, ms
  function clear(): void {
    if (drawn) process.stderr.write('\r\u001b[2K')
    drawn = false
  }
  return {
    answer(value, lines) {
      clear()
      process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${lines().join('\n')}\n`)
    },
    progress(line) {
      if (process.stderr.isTTY) {
        clear()
        process.stderr.write(line)
        drawn = true
      } else if (Date.now() - told > QUIET) {
        told = Date.now()
        process.stderr.write(`${line}\n`)
      }
    },
    note(line) {
      clear()
      process.stderr.write(`${line}\n`)
    }
  }
}

/** Tells an error on stderr and returns the exit code it ends with. */
export function tellError(error: unknown): number {
  if (isFault(error, 'cancelled')) return EXIT.interrupted
  if (isFault(error)) {
    process.stderr.write(`kindred: ${faultLine(error.record)}\n`)
    return EXIT.fault
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`kindred: an error of ours, please report it.\n${trace}\n`)
  return EXIT.bug
}

/** Columns of text, each as wide as its widest cell; numbers should come formatted. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  )
}

/** Seconds as a person says them: 45 s, 12 min, 3 h 5 min. */
export function spokenDuration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
