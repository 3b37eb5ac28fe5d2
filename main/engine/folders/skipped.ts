// Which directories are not looked into, by name. Pure; used by the engine's scan and watch.

/** Folders that hold no photos of the person: bins, snapshots, caches of systems and of stores. */
const SYSTEM_FOLDERS: ReadonlySet<string> = new Set([
  '$recycle.bin',
  'system volume information',
  'lost+found',
  '__macosx',
  // Stores by Synology and QNAP, and by others of their kind.
  '@eadir',
  '#recycle',
  '#snapshot',
  '@recycle',
  '@recently-snapshot',
  '@sharebin',
  '@sharesnap',
  '@tmp'
])
/** Previews that Lightroom keeps beside its catalogues. */
const PREVIEWS = /\.lrdata$/i

/** True for the directory of a system, store or program, which is told to be left out. */
export function isSystemDirectory(name: string): boolean {
  return SYSTEM_FOLDERS.has(name.toLowerCase()) || PREVIEWS.test(name)
}

/** True for a directory that is not looked into: hidden ones and those of systems. */
export function isSkippedDirectory(name: string): boolean {
  return name.startsWith('.') || isSystemDirectory(name)
}
