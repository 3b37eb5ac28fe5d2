// Watches the folders for changes and gives hints where to look; the only file that knows chokidar.
// Runs in the writer. A hint may be missed or wrong: the scan is the truth.
//
// [Note: directories only] chokidar takes one watch a FILE by itself, and systems allow some
// 200,000 in all. So files are ignored: the watch of a directory tells (event 'raw') that a name in
// it changed, and a look into that directory tells what.
//
// [Note: what a watch asks] It lists directories and asks what lies in them by itself, many calls
// at once and not as [Note: slow volumes] has it. So nothing that is far away is watched, and a
// watch begins only once the disk has answered: one that has to start would get all threads of the
// pool. Afterwards it asks for little, where something changed, and the system told so.
import { sep } from 'node:path'
import { FSWatcher } from 'chokidar'
import * as v from 'valibot'
import { skippedKind } from './skipped.ts'

export interface Watch {
  close(): Promise<void>
}

export interface WatchListeners {
  /** Something may have changed in this directory ('/' between names, '' is the root). */
  onHint(directory: string, deep: boolean): void
  /** Watching does not work, or not for all (limits of the system, a network share). */
  onTrouble(reason: string): void
}

const Details = v.object({ watchedPath: v.string() })

/** Watches the directories of a folder, but for those that `isLeftOut` says by their path. */
export function watchFolder(
  root: string,
  isLeftOut: (path: string) => boolean,
  listeners: WatchListeners
): Watch {
  const belowRoot = (path: string): string =>
    path.slice(root.length).split(sep).filter(Boolean).join('/')
  const watcher = new FSWatcher({
    ignoreInitial: true,
    followSymlinks: false,
    ignorePermissionErrors: true, // closed directories are found and told by the scan
    ignored: (path, stats) =>
      isLeftOut(path) ||
      (stats !== undefined && !stats.isDirectory()) ||
      (path !== root && skippedKind(belowRoot(path)) !== undefined)
  })
  function tell(path: string, deep: boolean): void {
    if (path !== root && !path.startsWith(root.endsWith(sep) ? root : root + sep)) return
    listeners.onHint(belowRoot(path), deep)
  }
  watcher.on('raw', (_event: unknown, _name: unknown, details: unknown) => {
    const parsed = v.safeParse(Details, details)
    if (parsed.success) tell(parsed.output.watchedPath, false)
  })
  watcher.on('addDir', (path) => tell(path, true))
  watcher.on('unlinkDir', (path) => tell(path, true))
  watcher.on('error', (error) => listeners.onTrouble(reasonOf(error)))
  watcher.add(root)
  return { close: () => watcher.close() }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC') return 'the system allows no more watches'
  if (code === 'EMFILE' || code === 'ENFILE') return 'the system allows no more open files'
  return error instanceof Error ? error.message : String(error)
}
