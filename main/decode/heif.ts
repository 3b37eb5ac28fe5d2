// HEIC and HEIF by libheif, compiled to WebAssembly: the only file that knows it. Runs in the
// decoder window and in plain Node. Decodes the main picture of a file, tiles put together, turned
// and cut as the file says, or its thumbnail where that is large enough; depth, masks and further
// pictures are left alone.
import instantiate, { type Libheif } from 'libheif-js/libheif-wasm/libheif.js'
import { Fault, isFault } from '../wire/fault.ts'
import { corrupt, type Size } from './decoder.ts'
import { heicThumbnail } from './heif-thumbnail.ts'
import type { Bitmap } from './reduce.ts'
import { wasmCode } from './wasm-code.mjs'

let opening: Promise<Libheif> | undefined

/**
 * Decodes the main picture, or the file's thumbnail of it where `shortSide` needs no more: then
 * `whole` is the main picture's size as it is stored. Throws a Fault `corrupt-photo` or
 * `unsupported-format`.
 */
export async function decodeHeif(
  bytes: Uint8Array,
  subject: string,
  shortSide: number
): Promise<Bitmap & { whole?: Size }> {
  const thumbnail = heicThumbnail(bytes, shortSide)
  if (!thumbnail) return decodeMain(bytes, subject)
  const { file, whole } = thumbnail
  try {
    return { ...(await decodeMain(file, subject)), whole }
  } catch (error) {
    if (!isFault(error)) throw error
    return decodeMain(bytes, subject) // which may be whole
  }
}

async function decodeMain(bytes: Uint8Array, subject: string): Promise<Bitmap> {
  let started: Promise<Libheif>
  let libheif: Libheif
  do libheif = await (started = opening ??= open())
  while (started !== opening) // another photo brought it down while this one waited for it
  // Nothing else runs from here on: its pixels lie in its memory, which moves.
  let isSound = false
  const context = libheif.heif_context_alloc()
  try {
    const picture = decodeIn(libheif, context, bytes, subject)
    isSound = true
    return picture
  } catch (error) {
    isSound = isFault(error)
    throw isSound ? error : corrupt(subject, 'pixels that cannot be read')
  } finally {
    // It does not survive what it throws: the next photo gets a new one.
    if (isSound) libheif.heif_context_free(context)
    else opening = undefined
  }
}

function decodeIn(libheif: Libheif, context: number, bytes: Uint8Array, subject: string): Bitmap {
  const read = libheif.heif_context_read_from_memory(context, bytes)
  if (read.code !== libheif.heif_error_code.heif_error_Ok) throw refused(libheif, read, subject)
  const handle = libheif.heif_js_context_get_primary_image_handle(context)
  if (isFailure(handle)) throw refused(libheif, handle, subject)
  try {
    return pixelsOf(libheif, handle, subject)
  } finally {
    libheif.heif_image_handle_release(handle)
  }
}

/** One that could not be loaded is asked for anew by the next photo. */
async function open(): Promise<Libheif> {
  const silent = (): void => undefined // what it says of a file is told by its faults
  try {
    const wasmBinary = await wasmCode('libheif')
    return await instantiate({ wasmBinary, print: silent, printErr: silent })
  } catch (error) {
    opening = undefined
    throw error
  }
}

function pixelsOf(libheif: Libheif, handle: object, subject: string): Bitmap {
  const { heif_colorspace_RGB: rgb } = libheif.heif_colorspace
  const { heif_chroma_interleaved_RGBA: rgba } = libheif.heif_chroma // 8 bits, whatever it has
  const decoded = libheif.heif_js_decode_image2(handle, rgb, rgba)
  if (!('image' in decoded)) throw refused(libheif, decoded, subject)
  try {
    const [plane] = decoded.channels
    if (!plane) throw corrupt(subject, 'a picture without pixels')
    const { width, height, stride, data } = plane
    const pixels = new Uint8ClampedArray(width * height * 4)
    for (let row = 0; row < height; row++)
      pixels.set(data.subarray(row * stride, row * stride + width * 4), row * width * 4)
    return { width, height, pixels }
  } finally {
    libheif.heif_image_release(decoded.image)
  }
}

interface Failure {
  code: object
}

function isFailure(answer: object): answer is Failure {
  return 'code' in answer
}

/** A codec that it lacks, or damage. */
function refused(libheif: Libheif, { code }: Failure, subject: string): Fault {
  const { heif_error_Unsupported_feature, heif_error_Unsupported_filetype } =
    libheif.heif_error_code
  if (code !== heif_error_Unsupported_feature && code !== heif_error_Unsupported_filetype)
    return corrupt(subject, 'pixels that cannot be read')
  const [expected, received] = ['a HEIC of a known kind', 'a HEIC of a rare kind']
  return new Fault({ kind: 'unsupported-format', subject, expected, received })
}
