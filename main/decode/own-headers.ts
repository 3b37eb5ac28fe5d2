// The sizes of pictures of formats that Chromium does not know, read from their headers before any
// pixel is decoded, as they are stored. Pure; used by both decoders. Bytes are untrusted: a read
// beyond the end throws a RangeError.
import { withoutComments } from '../wire/picture-format.ts'
import type { Size } from './decoder.ts'
import { readJxl } from './jxl-header.ts'
import { Malformed } from './malformed.ts'
import { firstPicture, sensorData } from './tiff-directories.ts'

/** Comments in the header of a PNM may take so many bytes. */
const PNM_HEADER = 4096

/** Of the picture that is shown of a TIFF. */
export function tiffSize(view: DataView): Size {
  const { width, height } = firstPicture(view)
  return { width, height }
}

/** Of what a sensor measured. */
export function sensorSize(view: DataView): Size {
  const data = sensorData(view)
  if (!data) throw new Malformed('no sensor data')
  return { width: data.width, height: data.height }
}

/** Of a JPEG XL. */
export function jxlSize(view: DataView): Size {
  const { width, height } = readJxl(view)
  return { width, height }
}

/** Photoshop's file header: its size comes after mark, version, six zeros, count of channels. */
export function psdSize(view: DataView): Size {
  return { width: view.getUint32(18), height: view.getUint32(14) }
}

/** A PNM's header is words, apart by white space, and comments. */
export function pnmSize(view: DataView): Size {
  const head = new Uint8Array(view.buffer, view.byteOffset, Math.min(view.byteLength, PNM_HEADER))
  const text = withoutComments(new TextDecoder('latin1').decode(head))
  const [, across, down] = /^P[1-6]\s+(\d+)\s+(\d+)\s/.exec(text) ?? []
  const width = Number(across ?? /\bWIDTH (\d+)/.exec(text)?.[1])
  const height = Number(down ?? /\bHEIGHT (\d+)/.exec(text)?.[1])
  if (!(width * height > 0)) throw new Malformed('no size in it')
  return { width, height }
}

/** A BMP's header: what follows the file's own 14 bytes. Its first number is its length. */
const BMP = { length: 14, width: 18, height: 22, compression: 30, opacity: 66 }
const [OS2_LENGTH, LENGTH_WITH_OPACITY] = [12, 56]
const BY_MASKS = 3

/** That of OS/2 has sizes of 16 bits; a negative height says that the top row comes first. */
export function bmpSize(view: DataView): Size {
  if (view.getUint32(BMP.length, true) === OS2_LENGTH)
    return { width: view.getUint16(18, true), height: view.getUint16(20, true) }
  const height = Math.abs(view.getInt32(BMP.height, true))
  return { width: view.getInt32(BMP.width, true), height }
}

/** True where some bits of a pixel are said to be its opacity; else those left over are nothing. */
export function hasBmpOpacity(view: DataView): boolean {
  const length = view.getUint32(BMP.length, true)
  if (length < LENGTH_WITH_OPACITY) return false
  const isByMasks = view.getUint32(BMP.compression, true) === BY_MASKS
  return isByMasks && view.getUint32(BMP.opacity, true) !== 0
}
