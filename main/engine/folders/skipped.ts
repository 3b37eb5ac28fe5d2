// Which directories are not looked into, by name. Pure; used by the engine's scan and watch.

/** Folders that hold no photos of the person: bins, caches and indexes of systems and of stores. */
const SYSTEM_FOLDERS: ReadonlySet<string> = new Set([
  '$recycle.bin',
  'system volume information',
  'lost+found',
  '@eadir', // thumbnails of a Synology store
  '#recycle',
  '__macosx'
])

/** True for a directory that is not looked into: hidden ones and those of systems. */
export function isSkippedDirectory(name: string): boolean {
  return name.startsWith('.') || SYSTEM_FOLDERS.has(name.toLowerCase())
}
