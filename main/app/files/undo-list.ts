// What takes back what was done with files of photos, kept in a file, so that it can be taken back
// after a restart, too: a line of JSON for each photo. Runs in app; knows one file, not Electron.
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import * as v from 'valibot'
import { MovedFile } from '../../wire/file-methods.ts'
import { systemCodeOf } from '../../wire/system-fault.ts'

const whole = v.pipe(v.number(), v.integer(), v.minValue(0))
const path = v.pipe(v.string(), v.minLength(1))

/** What takes back what was done with one photo. */
export const Undo = v.variant('how', [
  v.object({
    how: v.literal('put-back'),
    id: whole,
    files: v.pipe(v.array(MovedFile), v.minLength(1)), // the photo's own first
    /** What the trash has noted of the files: to be removed once they are back. */
    notes: v.array(path)
  }),
  v.object({
    how: v.literal('throw-away'),
    id: whole,
    /** Each as it was made: bytes, and ms since 1970. */
    copies: v.array(v.object({ path, size: whole, modifiedAt: v.number() }))
  })
])
export type Undo = v.InferOutput<typeof Undo>

/** Photos of one job have one number. */
const Line = v.object({ job: whole, undo: Undo })
type Line = v.InferOutput<typeof Line>

/** Jobs that can be taken back, at most. */
const KEPT = 50

export interface UndoList {
  /** Begins a job: what is added from now on is taken back together. */
  begin(): void
  /** Remembers what was done with a photo. */
  add(undo: Undo): void
  /** The last job, in the order in which it was done. */
  last(): Undo[]
  /** So much of the last job is left to be taken back. */
  keepOfLast(left: readonly Undo[]): void
}

/**
 * Opens the list in a file, which need not be there.
 * @param onFault told that the disk does not keep it; then it lasts until Kindred is closed
 */
export function openUndoList(file: string, onFault: (error: unknown) => void): UndoList {
  let lines: Line[] = []

  function attempt(write: () => void): void {
    try {
      write()
    } catch (error) {
      onFault(error)
    }
  }

  function writeAll(): void {
    attempt(() => {
      writeFileSync(`${file}.new`, lines.map(asText).join(''))
      renameSync(`${file}.new`, file)
    })
  }

  attempt(() => {
    const text = textIn(file)
    lines = text.split('\n').flatMap(parsed)
    if (text !== '' && !text.endsWith('\n')) writeAll() // the last line was cut off
  })
  let job = lines.at(-1)?.job ?? 0
  const lastJob = (): number | undefined => lines.at(-1)?.job

  return {
    begin() {
      job++
      const jobs = [...new Set(lines.map((line) => line.job))]
      const first = jobs.at(-KEPT)
      if (jobs.length <= KEPT || first === undefined) return
      lines = lines.filter((line) => line.job >= first)
      writeAll()
    },
    add(undo) {
      const line = { job, undo }
      lines.push(line)
      attempt(() => appendFileSync(file, asText(line)))
    },
    last: () => lines.filter((line) => line.job === lastJob()).map(({ undo }) => undo),
    keepOfLast(left) {
      const kept = new Set(left)
      const last = lastJob()
      lines = lines.filter((line) => line.job !== last || kept.has(line.undo))
      writeAll()
    }
  }
}

function asText(line: Line): string {
  return `${JSON.stringify(line)}\n`
}

function textIn(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return ''
    throw error
  }
}

/** A line; none where it makes no sense. */
function parsed(text: string): Line[] {
  const line = v.safeParse(v.pipe(v.string(), v.parseJson(), Line), text)
  return line.success ? [line.output] : []
}
