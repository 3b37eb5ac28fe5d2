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
  const copies: Copies['copies'] = []
  for (const path of all) {
    const file = await whereabouts(path).catch(() => 'gone' as const)
    if (file !== 'gone') copies.push({ path, size: file.size, modifiedAt: file.mtimeMs })
  }
  return { how: 'throw-away', id, copies }
}

/** Throws the copies away. A Fault about one that was changed since: such ones stay. */
export async function throwCopiesAway(
  { copies }: Copies,
  trash: (path: string) => Promise<unknown>
): Promise<Fault | undefined> {
  let changed: string | undefined
  for (const copy of copies) {
    const file = await whereabouts(copy.path)
    if (file === 'gone') continue
    if (isAsMade(file, copy)) await trash(copy.path)
    else changed ??= copy.path
  }
  return changed === undefined ? undefined : changedSince(changed)
}

function isAsMade(file: Stats, { size, modifiedAt }: Copies['copies'][number]): boolean {
  return file.size === size && Math.abs(file.mtimeMs - modifiedAt) <= SLACK
}

function changedSince(path: string): Fault {
  const [expected, received] = ['the copy as it was made', 'a file that changed since']
  const [kind, subject] = ['bad-argument' as const, basename(path)]
  return new Fault({ kind, about: 'photo', subject, expected, received })
}
