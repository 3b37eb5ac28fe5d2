// Going back to a dated copy of a library, for whoever asks for it: which copies there are, and the
// one that is meant. Runs in the command line; catalogue/rebuild.ts replaces the catalogue.
import { existsSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { copiesOf } from '../../catalogue/copies.ts'
import type { Copy } from '../../catalogue/copies.ts'
import { takeLock } from '../../catalogue/database.ts'
import { CATALOGUE_FILE, COPIES_FOLDER, LOCK_FILE } from '../../catalogue/library-files.ts'
import { restoreCopy } from '../../catalogue/rebuild.ts'
import { readableDecisions } from '../../catalogue/soundness.ts'
import { Fault } from '../../wire/fault.ts'
import type { Rebuilt } from '../../wire/rebuilt.ts'

/** A copy and how many favourites and ratings are in it; null: it cannot be read. */
export interface CopyInfo extends Copy {
  marks: number | null
}

/** The copies of a library, the latest first. Throws Fault not-found where there is no library. */
export function listCopies(library: string): CopyInfo[] {
  checkIsLibrary(library)
  return copiesOf(library).map((copy) => ({
    ...copy,
    marks: readableDecisions(copy.path)?.marks ?? null
  }))
}

/**
 * Puts what was decided back to what a copy holds: one of the library's, named by its file or the
 * beginning of its date, or a file elsewhere. Throws Fault library-in-use while the library is
 * open, not-found where none or more than one is meant, library-damaged for a copy that cannot be
 * read; then all is as it was.
 */
export function restore(library: string, meant: string, now: number, patience?: number): Rebuilt {
  checkIsLibrary(library)
  const lock = takeLock(join(library, LOCK_FILE), patience)
  try {
    return restoreCopy(library, copyMeant(library, meant), now)
  } finally {
    lock.release()
  }
}

function copyMeant(library: string, meant: string): Copy {
  const copies = copiesOf(library)
  const named = copies.filter(
    ({ path, at }) =>
      resolve(meant) === resolve(path) ||
      meant === basename(path) ||
      new Date(at).toISOString().startsWith(meant)
  )
  const [only, ...more] = named
  if (only && more.length === 0) return only
  const isCatalogue = resolve(meant) === resolve(library, CATALOGUE_FILE)
  const file = isCatalogue ? undefined : statSync(meant, { throwIfNoEntry: false })
  if (!only && file?.isFile()) return { path: resolve(meant), at: Math.round(file.mtimeMs) }
  const dates = copies.map(({ at }) => new Date(at).toISOString())
  throw new Fault({
    kind: 'not-found',
    about: 'library',
    subject: meant,
    expected: `one copy of ${join(library, COPIES_FOLDER)}: ${dates.join(', ') || 'there is none'}`,
    received: only ? `${named.length} copies` : 'no such copy'
  })
}

function checkIsLibrary(library: string): void {
  if (existsSync(join(library, CATALOGUE_FILE)) || existsSync(join(library, COPIES_FOLDER))) return
  throw new Fault({
    kind: 'not-found',
    about: 'library',
    subject: library,
    expected: 'a folder with a library',
    received: 'none'
  })
}
