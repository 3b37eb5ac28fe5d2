// Finds out which of the new files are old ones at a new path, so that a photo keeps its row and
// what was computed for it. Runs in the writer; reads a file only when its size speaks for a move.
import { join } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Candidate } from '../../catalogue/file-table.ts'
import { contentHash } from './content-hash.ts'
import { nameDate } from './name-date.ts'
import { unknownOf } from '../faults/disk.ts'
import { anotherPath, takePath } from './other-paths.ts'

interface Move {
  from: number
  to: number
}

export interface Settled {
  left: number[]
  returned: number[]
  /** Rows that have other paths now. */
  moved: number
}

/**
 * Moves rows of `missing` (or of files gone earlier) onto the paths of `added`; what is left of
 * `missing` takes another path of its file, or becomes gone. A move is told by inode, size and
 * time, or by size and content hash.
 */
export async function settleMoves(
  catalogue: Catalogue,
  added: readonly number[],
  missing: readonly number[],
  now: () => number,
  signal?: AbortSignal
): Promise<Settled> {
  const moves = await findMoves(catalogue, added, missing, signal)
  const left: number[] = []
  const returned: number[] = []
  const writes = moves.map(({ from, to }) => () => {
    const target = catalogue.files.candidate(to)
    const source = catalogue.files.candidate(from)
    if (!target || !source) return // the folder was taken out meanwhile
    catalogue.otherPaths.handOver(to, from)
    catalogue.files.move(from, target)
    catalogue.dates.rename(from, nameDate(target.name))
    left.push(to)
    if (source.status === 'gone') returned.push(from)
  })
  const moved = new Set(moves.map((move) => move.from))
  for (const id of missing) {
    if (moved.has(id)) continue
    const to = await anotherPath(catalogue, id).catch(unknownOf)
    if (to === 'unknown') continue // the next look tells
    if (to) {
      moved.add(id)
      writes.push(() => takePath(catalogue, id, to))
      continue
    }
    writes.push(() => {
      catalogue.files.leave(id, now())
      left.push(id)
    })
  }
  if (writes.length > 0)
    catalogue.transaction(() => {
      for (const write of writes) write()
    })
  return { left, returned, moved: moved.size }
}

async function findMoves(
  catalogue: Catalogue,
  added: readonly number[],
  missing: readonly number[],
  signal?: AbortSignal
): Promise<Move[]> {
  const moves: Move[] = []
  if (missing.length === 0 && (added.length === 0 || !catalogue.files.anyGone())) return moves
  const missingBySize = new Map<number, Candidate[]>()
  // A folder renamed while it was looked through has its files at both paths, until the next look.
  const arrived = new Set(added)
  for (const id of missing) {
    const row = catalogue.files.candidate(id)
    if (!row) continue
    const sameSize = missingBySize.get(row.size)
    if (sameSize) sameSize.push(row)
    else missingBySize.set(row.size, [row])
    for (const later of catalogue.files.arrivedAs(row)) arrived.add(later.id)
  }
  for (const id of missing) arrived.delete(id)
  const taken = new Set<number>()
  for (const id of arrived) {
    const file = catalogue.files.candidate(id)
    if (!file) continue
    const pool = [...(missingBySize.get(file.size) ?? []), ...catalogue.files.goneOfSize(file.size)]
    const free = pool.filter((row) => !taken.has(row.id))
    const origin = await originOf(catalogue, file, free, signal)
    if (!origin) continue
    taken.add(origin.id)
    moves.push({ from: origin.id, to: id })
  }
  return moves
}

/** The row among `pool`, all of the file's size, that this file was before. */
async function originOf(
  catalogue: Catalogue,
  file: Candidate,
  pool: readonly Candidate[],
  signal?: AbortSignal
): Promise<Candidate | undefined> {
  const sameNameFirst = [...pool].sort(
    (a, b) => Number(b.name === file.name) - Number(a.name === file.name)
  )
  const byInode = sameNameFirst.find(
    (row) => row.inode === file.inode && row.modifiedAt === file.modifiedAt
  )
  if (byInode) return byInode
  const hashed = sameNameFirst.filter((row) => row.hash !== null)
  const root = hashed.length > 0 ? catalogue.folders.get(file.folder)?.path : undefined
  if (root === undefined) return undefined
  const path = join(root, file.directory, file.name)
  // Its disk is waited for: a photo that is not known again now is another one for ever.
  const hash = file.hash ?? (await contentHash(path, signal).catch(unknownOf))
  return hashed.find((row) => row.hash === hash)
}
