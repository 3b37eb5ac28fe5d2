// Which files are photos, by name: the engine never opens one to find out. What a file really holds
// is compute's to say.
import { Fault } from '../../wire/fault.ts'
import type { Refusal } from '../../catalogue/file-table.ts'

/** Extensions of the formats that are decoded, with the type they are served as. */
const DECODED: ReadonlyMap<string, string> = new Map([
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['jpe', 'image/jpeg'],
  ['jfif', 'image/jpeg'],
  ['png', 'image/png'],
  ['webp', 'image/webp'],
  ['avif', 'image/avif'],
  ['gif', 'image/gif']
])

/**
 * Photo formats that are known and not decoded yet: told to the person, never dropped in silence.
 */
const UNDECODED: ReadonlySet<string> = new Set(
  (
    'heic heif hif tif tiff jxl jp2 bmp ' + // pictures
    // Raw formats of cameras.
    '3fr ari arw bay cap cr2 cr3 crw dcr dcs dng drf eip erf fff gpr iiq k25 kdc mef mos mrw nef ' +
    'nrw orf ori pef ptx pxn raf raw rw2 rwl rwz sr2 srf srw x3f'
  ).split(' ')
)

/** Folders that hold no photos of the person: bins, caches and indexes of systems and of stores. */
const SYSTEM_FOLDERS: ReadonlySet<string> = new Set([
  '$recycle.bin',
  'system volume information',
  'lost+found',
  '@eadir', // thumbnails of a Synology store
  '#recycle',
  '__macosx'
])

function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot < 1 ? '' : name.slice(dot + 1).toLowerCase()
}

/** 'decoded', 'undecoded' (a photo, but of no format we decode), or null for what is no photo. */
export function photoKind(name: string): 'decoded' | 'undecoded' | null {
  if (name.startsWith('.')) return null
  const extension = extensionOf(name)
  if (DECODED.has(extension)) return 'decoded'
  return UNDECODED.has(extension) ? 'undecoded' : null
}

/** True for a directory that is not looked into: hidden ones and those of systems. */
export function isSkippedDirectory(name: string): boolean {
  return name.startsWith('.') || SYSTEM_FOLDERS.has(name.toLowerCase())
}

/** Why a photo of this name is failed at once; null when it is to be tried. */
export function refusalOf(name: string): Refusal {
  if (photoKind(name) !== 'undecoded') return null
  const expected = 'JPEG, PNG, WebP, AVIF or GIF'
  const received = extensionOf(name).toUpperCase()
  return new Fault({ kind: 'unsupported-format', subject: name, expected, received }).record
}

/** The media type a photo is served as. */
export function contentTypeOf(name: string): string {
  return DECODED.get(extensionOf(name)) ?? 'application/octet-stream'
}
