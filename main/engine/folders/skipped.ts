// Which directories are not looked into, by name. Pure; used by the engine's scan and watch.
import type { LeftOutKind } from '../../wire/left-out.ts'

function words(text: string): ReadonlySet<string> {
  return new Set(text.split('\n').map((line) => line.trim()))
}

/** Folders that hold no photos of the person: bins, snapshots, caches; in lower case. */
const SYSTEM_FOLDERS = words(`$recycle.bin
  recycler
  system volume information
  found.000
  lost+found
  network trash folder
  temporary items
  __macosx
  @eadir
  #recycle
  #snapshot
  @recycle
  @recently-snapshot
  @sharebin
  @sharesnap
  @synoresource
  @tmp
  @transcode
  @__thumb
  ~snapshot
  ~snapshots
  captureone/cache`)
/** The same among hidden ones, which are many more. */
const HIDDEN_SYSTEM_FOLDERS = words(`.trash
  .trashes
  .recycle
  .recycle.bin
  .dtrash
  .snapshot
  .snapshots
  .zfs
  .thumbnails
  .thumbs
  .@__thumb
  .@__qini
  .appledouble
  .cache
  .fseventsd
  .spotlight-v100
  .documentrevisions-v100
  .temporaryitems`)
/** Bins of Linux, one for each person: .Trash-1000. */
const BIN = /^\.trash-\d+$/
/** Previews that Lightroom keeps beside its catalogues. */
const PREVIEWS = /\.lrdata$/
/** Libraries of Photos, iPhoto and Aperture, and what these keep in one beside the originals. */
const APPLE_LIBRARY = /\.(photoslibrary|photolibrary|aplibrary|migratedphotolibrary)$/
const BESIDE_ORIGINALS = words(`resources
  database
  private
  scopes
  internal
  thumbnails
  previews
  data
  data.noindex
  faces
  plugins
  apple tv photo cache
  ipod photo cache`)

/** Why a directory is not looked into: undefined where it is. `path`: below its folder. */
export function skippedKind(path: string): Extract<LeftOutKind, 'system' | 'hidden'> | undefined {
  const [name = '', parent = ''] = path.toLowerCase().split('/').reverse()
  if (SYSTEM_FOLDERS.has(name) || SYSTEM_FOLDERS.has(`${parent}/${name}`)) return 'system'
  if (HIDDEN_SYSTEM_FOLDERS.has(name) || BIN.test(name) || PREVIEWS.test(name)) return 'system'
  if (APPLE_LIBRARY.test(parent) && BESIDE_ORIGINALS.has(name)) return 'system'
  if (parent.endsWith('.cocatalog') && name === 'cache') return 'system' // of Capture One
  return name.startsWith('.') ? 'hidden' : undefined
}

/** True where a directory, or one that it lies in, is not looked into. */
export function isSkipped(path: string): boolean {
  const names = path.split('/')
  return names.some((_, i) => skippedKind(names.slice(0, i + 1).join('/')) !== undefined)
}
