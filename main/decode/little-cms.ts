// Little CMS, compiled to WebAssembly: makes sRGB of a profile's colours. The only file that knows
// it. Runs in the decoder window and in plain Node. Profiles are untrusted bytes: what it refuses
// is undefined, and after anything it throws it must not be used again.
import {
  INTENT_PERCEPTUAL,
  TYPE_CMYK_8_REV,
  TYPE_GRAY_8,
  TYPE_RGBA_8,
  TYPE_RGB_8,
  instantiate,
  type Lcms
} from 'lcms-wasm'
import { wasmCode } from './wasm-code.mjs'

/** The colour spaces of pictures, as profiles name them. */
export type Space = 'GRAY' | 'RGB ' | 'CMYK'

/**
 * Turns pixels into sRGB where they lie, four bytes each: red, green, blue and a fourth that stays.
 * Of GRAY only the first is read; of CMYK all are, 255 standing for no ink.
 */
export type Recolour = (pixels: Uint8Array | Uint8ClampedArray) => void

export interface LittleCms {
  /** The way from a profile to sRGB; undefined for a profile that it refuses. */
  recolour(profile: Uint8Array, space: Space): { recolour: Recolour; free: () => void } | undefined
}

const INPUT: Record<Space, number> = {
  GRAY: TYPE_GRAY_8,
  'RGB ': TYPE_RGBA_8,
  CMYK: TYPE_CMYK_8_REV
}

/** Pixels that are converted at once: its memory grows with them and never shrinks. */
const AT_ONCE = 2 ** 16

/** Starts Little CMS. */
export async function openLittleCms(): Promise<LittleCms> {
  const locateFile = (name: string): string => name
  const lcms = await instantiate({ wasmBinary: await wasmCode('little-cms'), locateFile })
  return {
    recolour(profile, space) {
      const transform = createTransform(lcms, profile, space)
      if (!transform) return undefined
      const free = (): void => lcms.cmsDeleteTransform(transform)
      if (space !== 'GRAY') return { recolour: (pixels) => convert(lcms, transform, pixels), free }
      const greys = Uint8Array.from({ length: 256 }, (_, i) => i)
      const table = lcms.cmsDoTransform(transform, greys, greys.length)
      return { recolour: (pixels) => lookUp(table, pixels), free }
    }
  }
}

/** Perceptual, as sharp and browsers have it. */
function createTransform(lcms: Lcms, profile: Uint8Array, space: Space): number {
  const input = lcms.cmsOpenProfileFromMem(profile, profile.length)
  if (!input) return 0
  const output = lcms.cmsCreate_sRGBProfile()
  try {
    const intent = INTENT_PERCEPTUAL
    return lcms.cmsCreateTransform(input, INPUT[space], output, TYPE_RGB_8, intent, 0)
  } finally {
    lcms.cmsCloseProfile(input)
    lcms.cmsCloseProfile(output)
  }
}

function convert(lcms: Lcms, transform: number, pixels: Uint8Array | Uint8ClampedArray): void {
  for (let begin = 0; begin < pixels.length; begin += 4 * AT_ONCE) {
    const part = new Uint8Array(pixels.subarray(begin, begin + 4 * AT_ONCE))
    const rgb = lcms.cmsDoTransform(transform, part, part.length / 4)
    for (let from = 0, to = begin; from < (part.length / 4) * 3; to += 4) {
      pixels[to] = rgb[from++]!
      pixels[to + 1] = rgb[from++]!
      pixels[to + 2] = rgb[from++]!
    }
  }
}

/** Grey by a table [256, 3]. */
function lookUp(table: Uint8Array, pixels: Uint8Array | Uint8ClampedArray): void {
  for (let at = 0; at < pixels.length; at += 4) {
    const grey = 3 * pixels[at]!
    pixels[at] = table[grey]!
    pixels[at + 1] = table[grey + 1]!
    pixels[at + 2] = table[grey + 2]!
  }
}
