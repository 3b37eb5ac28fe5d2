// Copies that Kindred made, as they were when they were made: an undo throws only those away. Runs
// in app; knows files, not Electron.
import type { Stats } from 'node:fs'
import { basename } from 'node:path'
import { Fault } from '../../wire/fault.ts'
import type { Undo } from './undo-list.ts'
import { whereabouts } from './whereabouts.ts'

export type Copies = Extract<Undo, { how: 'throw-away' }>

/** Drives that keep times in steps of two seconds tell others once they were plugged in again. */
const SLACK = 2000 // ms

/** What takes copies back that were just made; one that cannot be looked at is left out. */
export async function madeCopies(id: number, all: readonly string[]): Promise<Copies> {
  const paths: string[] = []
  const was: NonNullable<Copies['was']> = []
  for (const path of all) {
    const file = await whereabouts(path).catch(() => 'gone' as const)
    if (file === 'gone') continue
    paths.push(path)
    was.push({ size: file.size, modifiedAt: file.mtimeMs })
  }
  return { how: 'throw-away', id, paths, was }
}

/** Throws the copies away. A Fault about one that was changed since: such ones stay. */
export async function throwCopiesAway(
  { paths, was }: Copies,
  trash: (path: string) => Promise<unknown>
): Promise<Fault | undefined> {
  let changed: string | undefined
  for (const [i, path] of paths.entries()) {
    const file = await whereabouts(path)
    if (file === 'gone') continue
    if (isAsMade(file, was?.[i])) await trash(path)
    else changed ??= path
  }
  return changed === undefined ? undefined : changedSince(changed)
}

function isAsMade(file: Stats, was: { size: number; modifiedAt: number } | undefined): boolean {
  if (!was) return true // remembered before this was kept
  return file.size === was.size && Math.abs(file.mtimeMs - was.modifiedAt) <= SLACK
}

function changedSince(path: string): Fault {
  const [expected, received] = ['the copy as it was made', 'a file that changed since']
  const [kind, subject] = ['bad-argument' as const, basename(path)]
  return new Fault({ kind, about: 'photo', subject, expected, received })
}
