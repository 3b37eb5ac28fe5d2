// Moves, copies and throws away the files of many photos, one photo after the other: told how far
// it is, stopped when asked, each photo failing alone; and takes it back. Runs in app; knows the
// engine and a trash, not Electron.
import { rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { Fault, faultOf, isFault, type FaultRecord } from '../../wire/fault.ts'
import type { FileAnswer } from '../../wire/file-commands.ts'
import type { MovedFile } from '../../wire/file-methods.ts'
import { systemFault } from '../../wire/system-fault.ts'
import type { Control } from '../control.ts'
import { openInside } from '../open-inside.ts'
import { madeCopies, throwCopiesAway } from './made-copies.ts'
import type { Trashed } from './trashed.ts'
import type { Undo, UndoList } from './undo-list.ts'
import { whereabouts } from './whereabouts.ts'

/** How to take back what was done with a photo, if that can be, and with how many files. */
interface Handled {
  undo: Undo | undefined
  files: number
}

/** What is done with each photo. */
export type Job = { what: 'move' | 'copy'; directory: string } | { what: 'trash' }

export interface FileJobsParts {
  engine: Pick<Control, 'call'>
  /** Throws a file away; where it lies now, if that can be told. Rejects where it stays. */
  trash(path: string): Promise<Trashed | undefined>
  undoList: UndoList
  /** How many photos of how many are done. */
  tell(done: number, total: number): void
}

export interface FileJobs {
  run(job: Job, ids: readonly number[]): Promise<FileAnswer>
  /** Takes back the last that was done and can be; 'cancelled' where there is nothing. */
  undo(): Promise<FileAnswer>
  /** Does what failed or was stopped last once more. */
  retry(): Promise<FileAnswer>
  stop(): void
}

const NOTHING: FileAnswer = { outcome: 'cancelled' }
/** The engine is told of so many photos that went at a time. */
const AT_ONCE = 25

/** Makes the work of a library; nothing is done before it is asked for. */
export function createFileJobs({ engine, trash, undoList, tell }: FileJobsParts): FileJobs {
  let rest: { job: Job; ids: number[] } | undefined
  let stopping = new AbortController()
  let tail: Promise<unknown> = Promise.resolve()

  /** One job at a time: the next waits. */
  function inTurn(work: () => Promise<FileAnswer>): Promise<FileAnswer> {
    const mine = tail.then(work)
    tail = mine.catch(() => undefined)
    return mine
  }

  /** Does something for each, until it is stopped: what is in work then comes to its end. */
  async function each<T>(
    all: readonly T[],
    work: (one: T) => Promise<void>
  ): Promise<{ answer: Extract<FileAnswer, { outcome: 'done' }>; left: T[] }> {
    stopping = new AbortController()
    const { signal } = stopping
    const left: T[] = []
    let fault: FaultRecord | null = null
    let failed = 0
    tell(0, all.length)
    for (const [i, one] of all.entries()) {
      if (signal.aborted) {
        left.push(...all.slice(i))
        break
      }
      try {
        await work(one)
      } catch (error) {
        left.push(one)
        if (isFault(error, 'cancelled')) continue
        failed++
        const told = systemFault(error, 'photo', 'a file', 'a file that can be moved')
        fault ??= faultOf(told, 'a file', 'photo').record
      }
      tell(i + 1, all.length)
    }
    const total = all.length
    const counts = { total, done: total - left.length, failed, fault, stopped: signal.aborted }
    return { answer: { outcome: 'done', ...counts, canUndo: false }, left }
  }

  async function run(job: Job, ids: readonly number[]): Promise<FileAnswer> {
    const gone: number[] = []
    let canUndo = false
    const follow = async (): Promise<void> => {
      if (gone.length > 0) await engine.call('follow', { ids: gone.splice(0) })
    }
    undoList.begin()
    const { answer, left } = await each(ids, async (id) => {
      const isTrash = job.what === 'trash'
      const { undo, files } = await (isTrash ? throwAway(id) : transfer(id, job))
      if (undo) undoList.add(undo)
      canUndo ||= undo !== undefined
      if (!isTrash) return
      gone.push(id)
      // What belonged to it may belong to the next photo alone from now on.
      if (files > 1 || gone.length >= AT_ONCE) await follow()
    })
    await follow()
    rest = left.length > 0 ? { job, ids: left } : undefined
    return { ...answer, canUndo }
  }

  async function transfer(
    id: number,
    { what, directory }: Extract<Job, { directory: string }>
  ): Promise<Handled> {
    const copies = what === 'copy'
    const { files } = await engine.call('transfer', { id, directory, copies })
    if (files.length === 0) return { undo: undefined, files: 0 } // it lies there already
    const undo: Undo = copies
      ? await madeCopies(id, files.map(({ to }) => to))
      : { how: 'put-back', id, files, notes: [] }
    return { undo, files: files.length }
  }

  /** A photo's own file goes last: what belongs to it is never left without it. */
  async function throwAway(id: number): Promise<Handled> {
    const [photo] = (await engine.call('files', { ids: [id] })).photos
    if (!photo) throw notThere(id)
    const moved: MovedFile[] = []
    const notes: string[] = []
    let isFound = true
    try {
      for (const path of [...photo.paths].reverse()) {
        const handle = await openInside(path, photo.root)
        if (handle === 404 && path !== photo.paths[0]) continue // it went by itself
        if (typeof handle === 'number') throw refused(path, handle)
        await handle.close()
        const trashed = await trash(path)
        if (trashed) {
          moved.unshift({ from: path, to: trashed.path })
          notes.push(trashed.info)
        } else isFound = false
      }
    } catch (error) {
      if (moved.length > 0) await takeBack({ how: 'put-back', id, files: moved, notes })
      throw error
    }
    const undo: Undo = { how: 'put-back', id, files: moved, notes }
    return { undo: isFound ? undo : undefined, files: photo.paths.length }
  }

  /** A Fault where it can never be taken back: the photo went on, was erased, or was changed. */
  async function takeBack(undo: Undo): Promise<Fault | undefined> {
    if (undo.how === 'throw-away') return throwCopiesAway(undo, trash)
    const [own, ...beside] = undo.files
    if (!own || (await whereabouts(own.to)) === 'gone') return notWhereItWas(undo.files)
    const files = [own]
    for (const file of beside) if ((await whereabouts(file.to)) !== 'gone') files.push(file)
    await engine.call('putBack', { id: undo.id, files })
    for (const note of undo.notes) await rm(note, { force: true })
    return undefined
  }

  async function undo(): Promise<FileAnswer> {
    const undos = undoList.last()
    if (undos.length === 0) return NOTHING
    const lost = new Set<Undo>()
    const { answer, left } = await each(undos.reverse(), async (one) => {
      const never = await takeBack(one)
      if (!never) return
      lost.add(one)
      throw never
    })
    rest = undefined
    const kept = left.filter((one) => !lost.has(one))
    undoList.keepOfLast(kept)
    return { ...answer, canUndo: kept.length > 0 }
  }

  return {
    run: (job, ids) => inTurn(() => run(job, ids)),
    undo: () => inTurn(undo),
    retry: () => inTurn(async () => (rest ? run(rest.job, rest.ids) : NOTHING)),
    stop: () => stopping.abort()
  }
}

function notThere(id: number): Fault {
  const [expected, received] = ['a photo of the library', 'one that has left it']
  return new Fault({ kind: 'not-found', subject: `photo ${id}`, expected, received })
}

function notWhereItWas(files: readonly MovedFile[]): Fault {
  const [expected, received] = ['a file where it was brought', 'none']
  const subject = basename(files[0]?.from ?? 'a file')
  return new Fault({ kind: 'not-found', subject, expected, received })
}

/** A file that is not a plain one in its folder, or not there. */
export function refused(path: string, status: 403 | 404): Fault {
  return new Fault({
    kind: status === 404 ? 'not-found' : 'no-access',
    subject: basename(path),
    expected: 'a file in the folder of its photo',
    received: status === 404 ? 'none' : 'something else, or one that is closed'
  })
}

/** What a trash that does not take a file is told as. */
export function trashFault(path: string): Fault {
  const [expected, received] = ['a trash that takes it', 'a refusal of the system']
  return new Fault({ kind: 'unreadable', subject: basename(path), expected, received })
}
