// Where thumbnails lie, and removing those that nothing refers to any more. Runs in the writer;
// compute writes them. Rows of photos that are gone keep theirs until the purge, for a return or an
// undo.
import { readdir, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { formerThumbnailFile, thumbnailName } from '../../wire/thumbnail.ts'

/** Rows of photos that are gone are kept so long, ms: 30 days. */
const KEEP_GONE = 30 * 24 * 3600_000
/** A file this young may belong to a photo whose row is being written, ms. */
const YOUNG = 24 * 3600_000
/** What nothing refers to any more is looked for this often, ms. */
const SWEEP_EVERY = 24 * 3600_000
/** Rows that are erased in one transaction: between them the writer can be stopped. */
const ROWS_AT_ONCE = 1000

/** Where it lay in libraries made before names were half a hash long. */
function formerPath(thumbnails: string, hash: string): string {
  return join(thumbnails, hash.slice(0, 2), `${hash}.webp`)
}

/** Names a thumbnail by half a hash that still has a whole one; false where there is none. */
export async function renameFormer(thumbnails: string, hash: string): Promise<boolean> {
  const path = join(thumbnails, formerThumbnailFile(thumbnailName(hash)))
  return rename(formerPath(thumbnails, hash), path).then(
    () => true,
    () => false // it never had that name, or was named anew already
  )
}

/** Once a day: forgets what has been gone for long, and removes pictures that nothing refers to. */
export async function sweepDaily(
  catalogue: Catalogue,
  folders: readonly string[],
  signal: AbortSignal
): Promise<void> {
  const now = Date.now()
  if (now - catalogue.settings.sweptAt() < SWEEP_EVERY) return
  await purge(catalogue, now, signal)
  for (const folder of folders) await sweep(catalogue, folder, now, signal)
  if (!signal.aborted) catalogue.settings.setSweptAt(now)
}

/** Forgets photos that have been gone for long and then folders without any; how many photos. */
export async function purge(
  catalogue: Catalogue,
  now: number,
  signal?: AbortSignal
): Promise<number> {
  const before = now - KEEP_GONE
  let erased = 0
  while (!signal?.aborted) {
    const ids = catalogue.files.goneBefore(before, ROWS_AT_ONCE)
    if (ids.length === 0) break
    catalogue.transaction(() => ids.forEach((id) => catalogue.files.erase(id)))
    erased += ids.length
    await new Promise(setImmediate)
  }
  for (let after: number | undefined = 0; after !== undefined && !signal?.aborted; ) {
    after = catalogue.fingerprints.purge(after, ROWS_AT_ONCE)
    await new Promise(setImmediate)
  }
  catalogue.folders.purge(before)
  return erased
}

/**
 * Removes files that no row refers to and unfinished ones, unless they are young; how many. Those
 * that still have their former names get the new ones.
 */
export async function sweep(
  catalogue: Catalogue,
  thumbnails: string,
  now: number,
  signal: AbortSignal
): Promise<number> {
  let removed = 0
  for (const folder of await namesIn(thumbnails)) {
    for (const name of await namesIn(join(thumbnails, folder))) {
      if (signal.aborted) return removed
      const digits = /^([0-9a-f]{32}(?=\.jpg|\.webp)|[0-9a-f]{64}(?=\.webp))\.\w+$/.exec(name)?.[1]
      const isKnown = (): boolean =>
        digits !== undefined && catalogue.photos.thumbnailKnown(thumbnailName(digits))
      if (isKnown()) {
        if (digits?.length === 64) await renameFormer(thumbnails, digits)
        continue
      }
      const path = join(thumbnails, folder, name)
      const file = await stat(path).catch(() => undefined)
      if (!file?.isFile() || now - file.mtimeMs < YOUNG) continue
      if (isKnown()) continue // its photo has come meanwhile
      await unlink(path).then(
        () => removed++,
        () => undefined // not ours to remove, or gone already
      )
    }
  }
  return removed
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => [])
}
