// What becomes of every file of ../shared/formats and ../shared/every-photo: read with this size,
// or refused with these words. Test code only; the files themselves are not part of the project.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, isFault } from '../../main/wire/fault.ts'
import { faultWords } from '../../main/wire/fault-words.ts'
import type { DecodeFile, Decoded } from './decoding.ts'
import { sharedEveryPhoto, sharedFormats } from './pictures.ts'

/** Where the files lie; undefined where they are not at hand. */
export const REAL_FOLDERS = { formats: sharedFormats, 'every-photo': sharedEveryPhoto }

/** By their names below the folder. */
export function outcomesIn(folder: string): Record<string, string> {
  const prefix = `${folder}/`
  const all = Object.entries(OUTCOMES).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(all.map(([name, outcome]) => [name.slice(prefix.length), outcome]))
}

/** Of all files below a folder, but for what describes them, their names in order. */
export function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && entry.name !== 'README.md')
  return files.map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1)).sort()
}

/** What comes of decoding a file; anything but a Fault is thrown. */
export async function attempt(
  decode: DecodeFile,
  file: Uint8Array,
  name: string
): Promise<Decoded | Fault> {
  try {
    return await decode(file, name)
  } catch (error) {
    if (!isFault(error)) throw error
    return error
  }
}

/** In words: its size and any damage, or why it is refused, without what a decoder can read. */
export function outcomeOf(came: Decoded | Fault): string {
  if (came instanceof Fault) return faultWords(came.record).what.replace(/, where at most.*/, '')
  return `${came.width} x ${came.height}${came.damage ? `, ${came.damage.kind}` : ''}`
}

/** Why a file is refused. */
function damaged(reason: string): string {
  return `The file is damaged, or it is no photo: ${reason}.`
}

const WITHOUT_PREVIEW =
  'This is a RAW without a preview, of a kind that is not developed, which Kindred does not read.'
const WITHOUT_PIXELS = damaged('a RAW without a preview that ends before its last pixels')

/** By folder and name. */
const OUTCOMES: Record<string, string> = {
  'formats/bad/bomb-30000x30000.png':
    'The picture is too large: 30000 x 30000 (900 megapixels)',
  'formats/bad/corrupt-header.jpg': damaged('a file that ends within its header'),
  'formats/bad/corrupted.heic': damaged('no size in it'),
  // All but 172 of the 19,494 pieces between its restart markers are there.
  'formats/bad/corrupted.jpg': '3648 x 2736, part-broken',
  'formats/bad/empty.jpg': damaged('an empty file'),
  'formats/bad/noise.jpg': damaged('bytes that begin like no photo format'),
  'formats/bad/text.jpg': damaged('bytes that begin like no photo format'),
  'formats/bad/truncated.heic': damaged('a file that ends before its last pixels'),
  'formats/bad/truncated.jpg': damaged('a picture that ends after 1 %'),
  'formats/bad/truncated.png': damaged('a picture that ends after 10 %'),
  'formats/good/10-bit-hdr.avif': '3681 x 5594',
  'formats/good/16-bit-gray-alpha.png': '109 x 96',
  'formats/good/2x2.png': '2 x 2',
  'formats/good/8-bit.avif': '1617 x 1080',
  'formats/good/animated.gif': '800 x 533',
  'formats/good/camera-large.jpg': '6000 x 4000',
  'formats/good/cmyk.jpg': '500 x 333',
  'formats/good/el torcal ünïcode 岩.jpeg': '512 x 341',
  'formats/good/gps-and-date.jpg': '150 x 103',
  'formats/good/gray.jpg': '258 x 222',
  'formats/good/iphone.heic': '4032 x 3024',
  'formats/good/orientation-1.jpg': '1800 x 1200',
  'formats/good/orientation-2.jpg': '1800 x 1200',
  'formats/good/orientation-3.jpg': '1800 x 1200',
  'formats/good/orientation-4.jpg': '1800 x 1200',
  'formats/good/orientation-5.jpg': '1800 x 1200',
  'formats/good/orientation-6.jpg': '1800 x 1200',
  'formats/good/orientation-7.jpg': '1800 x 1200',
  'formats/good/orientation-8.jpg': '1800 x 1200',
  'formats/good/photo.webp': '1024 x 772',
  'formats/good/uncompressed.tiff': '246 x 345',
  'every-photo/good/16-bit.tiff': '317 x 211',
  'every-photo/good/1bit.tif': '256 x 4',
  'every-photo/good/8bit.jxl': '1440 x 1080',
  'every-photo/good/animation.webp': '320 x 240',
  'every-photo/good/cielab.tiff': '400 x 266',
  'every-photo/good/cmyk.tif': '1000 x 1000',
  'every-photo/good/fax-pages.TIF': '2464 x 3248',
  'every-photo/good/heic-immich.heic': '4032 x 3024',
  'every-photo/good/iphone-13.HEIC': '3024 x 4032',
  'every-photo/good/lzw.tiff': '635 x 348',
  'every-photo/good/motion.heic': '3000 x 4000',
  'every-photo/good/nokia-hdr.heif': '4608 x 3456',
  'every-photo/good/old-jpeg.tif': '234 x 213',
  'every-photo/good/orientation.heic': '3024 x 4032',
  'every-photo/good/spatial.heic': '2560 x 2560',
  'every-photo/good/ten-bit.hif': '4240 x 2832',
  'every-photo/good/turned.webp': '2736 x 3648',
  'every-photo/good/two-pictures-mpo.jpg': '4000 x 2250',
  'every-photo/good/ycc-lzw.tif': '250 x 325',
  'every-photo/raw/CanonRaw.cr2': WITHOUT_PREVIEW,
  'every-photo/raw/CanonRaw.cr3': WITHOUT_PREVIEW,
  'every-photo/raw/CanonRaw.crw': WITHOUT_PREVIEW,
  'every-photo/raw/DNG.dng': WITHOUT_PIXELS,
  'every-photo/raw/FujiFilm.raf': WITHOUT_PREVIEW,
  'every-photo/raw/Minolta.mrw': WITHOUT_PREVIEW,
  'every-photo/raw/Nikon.nef': WITHOUT_PIXELS,
  'every-photo/raw/Panasonic.rw2': WITHOUT_PREVIEW,
  'every-photo/raw/PhaseOne.iiq': WITHOUT_PREVIEW,
  'every-photo/raw/SigmaDP2.x3f': WITHOUT_PREVIEW
}
