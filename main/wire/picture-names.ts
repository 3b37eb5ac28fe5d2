// Which names speak of pictures. Pure. A name only says whether a file is worth a look: what it
// holds is told by its first bytes (picture-format.ts).

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '))
}

/** RAW files of cameras. */
const RAW = words(
  '3fr ari arw bay cap cr2 cr3 crw dcr dcs dng drf eip erf fff gpr iiq k25 kdc mef mos mrw nef ' +
    'nrw orf ori pef ptx pxn raf raw rw2 rwl rwz sr2 srf srw x3f'
)

/** Films of phones, which live photos have beside them. */
const FILMS = words('mov mp4 m4v')

/** All other kinds of pictures, and what people keep beside them: films, drawings, scans. */
const PICTURES = words(
  'jpg jpeg jpe jfif jif jfi mpo jps jpg_large jpeg_large jpg_orig png apng webp avif avifs gif ' +
    'heic heif hif heics tif tiff jxl jp2 j2k jpf jpx bmp dib psd psb ppm pgm pbm pnm pam ' +
    'jxr wdp exr pfm tga pcx jng flif bpg xcf kra ora afphoto svg svgz pdf djvu ' +
    'mov mp4 m4v qt avi mkv webm 3gp 3g2 m2ts mpg mpeg wmv flv'
)

/** Endings that say nothing of what is in a file, and those that pictures share with others. */
const MEANINGLESS = words(
  'bak bin dat data download file image img old orig original photo pic picture temp tmp unknown ' +
    'ai cdr clip cur dcm dds dpx emf eps fit fits hdr ico icns m2t mng mts mxf ogv ps qoi ras rm ' +
    'rmvb sgi vob wmf xpm'
)

/** What follows the last dot, in lower case; empty for a name without an ending. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot < 1 ? '' : name.slice(dot + 1).toLowerCase()
}

/** True for the name of a camera's RAW file. */
export function isRawName(name: string): boolean {
  return RAW.has(extensionOf(name))
}

/** Kinds of pictures whose bytes have no mark, by their names. */
export function formatOfName(name: string): 'Targa' | undefined {
  return extensionOf(name) === 'tga' ? 'Targa' : undefined
}

/** True for the name of a film of a phone. */
export function isFilmName(name: string): boolean {
  return FILMS.has(extensionOf(name))
}

/**
 * 'picture' for names that promise one; 'unknown' for those that promise nothing, such as names
 * without an ending, with a date or number for one, or one that was written over ('jpg~'); null for
 * files of other programs and hidden ones.
 */
export function nameKind(name: string): 'picture' | 'unknown' | null {
  if (name.startsWith('.')) return null
  const extension = extensionOf(name)
  if (PICTURES.has(extension) || RAW.has(extension)) return 'picture'
  const isNone = extension === '' || MEANINGLESS.has(extension)
  const isNoWord = /[^a-z0-9]/.test(extension) || /^\d+$/.test(extension) || extension.length > 12
  return isNone || isNoWord || /^(jpe?g|png|heic)/.test(extension) ? 'unknown' : null
}
