// Keeps the folders of the library watched: a watch for each that is there, and a look from time to
// time at what no watch tells, as of what lies on another computer. Runs in the writer.
import { join } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { FolderRow } from '../../catalogue/folder-table.ts'
import { closedDirectories } from './closed.ts'
import { haveDrivesChanged } from './drives.ts'
import { currentMounts, onceAnswered, unknownOf } from '../faults/disk.ts'
import { farBelow, isFar } from './mounts.ts'
import type { Mounts } from '../../wire/disk/mount-list.ts'
import { placeNow } from './moved-folder.ts'
import { isOmitted } from './omissions.ts'
import { presenceOf } from './presence.ts'
import type { Scanner } from './scanner.ts'
import { isSkipped } from './skipped.ts'
import { watchFolder } from './watch.ts'
import type { Watch } from './watch.ts'

/** Drives are looked for this often, ms. */
const PRESENCE_EVERY = 10_000
/**
 * Folders are looked through anew this often, ms: those that are watched, and those that are not.
 */
const WATCHED_EVERY = 60 * 60_000
const UNWATCHED_EVERY = 5 * 60_000

export interface Watching {
  /** Folders came, went or changed their presence. */
  update(): void
  /** Other directories of these folders are to be watched: closed ones, say, can be listed now. */
  renew(folders: Iterable<number>): void
  close(): Promise<void>
}

interface Watched {
  path: string
  watch: Watch | undefined // none of what is far away
  whole: boolean
  scannedAt: number
  isGivenUp: boolean // its disk gave no answer
}

/**
 * Starts watching. `except`: a directory that is not watched (the library's own). `onWatched` is
 * told the folders that are watched as a whole, at once and whenever they are others.
 */
export function createWatching(
  catalogue: Catalogue,
  scanner: Scanner,
  except: string,
  onWatched: (folders: number[]) => void
): Watching {
  const watches = new Map<number, Watched>()
  const timer = setInterval(() => void lookAround(), PRESENCE_EVERY)
  let looking = false
  let isClosed = false
  let told: string | undefined

  function start(folder: FolderRow): void {
    const mounts = currentMounts()
    const omitted = catalogue.omitted.directories(folder.id)
    const isLookedAt = (one: string): boolean => !isSkipped(one) && !isOmitted(one, omitted)
    const far = mounts ? farBelow(mounts, folder.path, isLookedAt) : []
    const paths = omitted.map((one) => join(folder.path, one))
    const leftOut = new Set([except, ...paths, ...far])
    const isLeftOut = (path: string): boolean => leftOut.has(path)
    const isNear = !isFar(mounts, folder.path)
    const watched: Watched = {
      path: folder.path,
      whole: isNear && far.length === 0,
      scannedAt: Date.now(),
      isGivenUp: false,
      watch: undefined
    }
    watches.set(folder.id, watched)
    if (!isNear) return
    const onTrouble = (reason: string): void => {
      if (!watched.whole) return
      watched.whole = false
      console.error(`kindred: ${folder.path}: not watched as a whole: ${reason}`)
      tell()
    }
    const begin = (): void => {
      if (watches.get(folder.id) !== watched) return
      watched.watch = watchFolder(folder.path, isLeftOut, {
        onHint: (directory, deep) => scanner.hint(folder.id, directory, deep),
        onTrouble
      })
    }
    // It is begun anew once its disk is opened, or later where that was never closed.
    onceAnswered(folder.path).then(begin, (error: unknown) => {
      if (watches.get(folder.id) !== watched) return
      watched.isGivenUp = true
      onTrouble(String(error))
    })
  }

  function tell(): void {
    const folders = [...watches].flatMap(([folder, { whole }]) => (whole ? [folder] : []))
    if (told === folders.join()) return
    told = folders.join()
    onWatched(folders)
  }

  function update(): void {
    if (isClosed) return // a scan may come to its end later
    const wanted = new Map(
      catalogue.folders
        .list()
        .filter((folder) => folder.present)
        .map((folder) => [folder.id, folder])
    )
    for (const [id, { watch, path }] of watches) {
      if (wanted.get(id)?.path === path) continue
      watches.delete(id)
      void watch?.close()
    }
    for (const folder of wanted.values()) if (!watches.has(folder.id)) start(folder)
    tell()
  }

  function renew(folders: Iterable<number>): void {
    for (const id of folders) {
      const watched = watches.get(id)
      if (!watched) continue
      watches.delete(id)
      void watched.watch?.close()
    }
    update()
  }

  /** Whether a drive of it came or went. One that may not be listed is asked at its time. */
  async function isOther(folder: FolderRow, mounts: Mounts | undefined): Promise<boolean> {
    if (!folder.present && closedDirectories(catalogue, folder, Date.now).waits('')) return false
    const { present, fault } = await presenceOf(catalogue, folder)
    if (present !== folder.present) return true
    if (present) return haveDrivesChanged(catalogue, folder, mounts)
    return !fault && (await placeNow(catalogue, folder, mounts)) !== undefined
  }

  /** Drives that came or went, and folders whose last look was long ago. */
  async function lookAround(): Promise<void> {
    if (looking) return
    looking = true
    try {
      const due: number[] = []
      const mounts = currentMounts()
      for (const folder of catalogue.folders.list()) {
        const watched = watches.get(folder.id)
        const every = watched?.whole ? WATCHED_EVERY : UNWATCHED_EVERY
        const old = watched !== undefined && Date.now() - watched.scannedAt > every
        if (old || (await isOther(folder, mounts).catch(unknownOf)) === true) due.push(folder.id)
        if (watched && old) watched.scannedAt = Date.now()
        if (watched?.isGivenUp && old) renew([folder.id])
      }
      if (due.length > 0) await scanner.scan(due)
    } catch (error) {
      if (watches.size > 0) console.error(error) // else it is being closed
    } finally {
      looking = false
    }
  }

  update()
  return {
    update,
    renew,
    async close() {
      isClosed = true
      clearInterval(timer)
      const all = [...watches.values()]
      watches.clear()
      await Promise.all(all.map(({ watch }) => watch?.close()))
    }
  }
}
