// Colours of a picture with an ICC profile into sRGB, by Little CMS and alike in both decoders.
//
// [Note: colours] Decoders are asked for a picture's numbers as they are stored, and these are
// converted here, once they are scaled down. Chromium's own conversion depends on its version and
// on the picture: 130 draws JPEGs of unusual profiles black and passes by those of grey PNGs, all
// mix black ink into the other inks first; sharp leaves 16-bit pictures in Display P3 and takes
// inks without a profile for those of a printing press. `findings/` shows them.
import type { LittleCms, Recolour, Space } from './little-cms.ts'

/** Profiles kept ready: nearly all photos of a library share a few. */
const KEPT = 4

interface Kept {
  profile: Uint8Array
  space: Space
  /** Undefined where nothing is to be converted: an sRGB profile, or one that is unusable. */
  recolour?: Recolour
  free?: () => void
}

/** The profile's colour space if a picture of so many channels (see `Header`) can be in it. */
export function spaceOf(profile: Uint8Array, channels: number | undefined): Space | undefined {
  const space = String.fromCharCode(...profile.subarray(16, 20))
  if (space === 'GRAY') return channels === 1 || channels === undefined ? space : undefined
  if (space === 'RGB ') return channels === 4 ? undefined : space
  return space === 'CMYK' && channels === 4 ? space : undefined
}

/** Converts by any profile; starts Little CMS at the first. */
export class Colours {
  readonly #open: () => Promise<LittleCms>
  #opening: Promise<LittleCms> | undefined
  #kept: Kept[] = [] // the one used last comes first

  constructor(open = async () => (await import('./little-cms.ts')).openLittleCms()) {
    this.#open = open
  }

  /**
   * Makes sRGB of pixels, four bytes each, that are in a profile's space: see `Recolour`. Returns
   * false for pixels that are to be taken as they are: of sRGB already, or of a profile that cannot
   * be used.
   */
  async convert(
    pixels: Uint8Array | Uint8ClampedArray,
    profile: Uint8Array,
    space: Space
  ): Promise<boolean> {
    let opening: Promise<LittleCms>
    let littleCms: LittleCms
    do littleCms = await (opening = this.#opening ??= this.#opened())
    while (opening !== this.#opening) // another photo brought it down while this one waited for it
    // Nothing else runs from here on, so that no other photo frees what is in use.
    const kept = this.#known(profile, space) ?? this.#new(littleCms, profile, space)
    const { recolour } = this.#keep(kept)
    if (!recolour) return false
    try {
      recolour(pixels)
    } catch (error) {
      this.#forget()
      throw error
    }
    return true
  }

  async #opened(): Promise<LittleCms> {
    try {
      return await this.#open()
    } catch (error) {
      this.#forget()
      throw error
    }
  }

  #known(profile: Uint8Array, space: Space): Kept | undefined {
    return this.#kept.find((kept) => kept.space === space && same(kept.profile, profile))
  }

  #new(littleCms: LittleCms, profile: Uint8Array, space: Space): Kept {
    const kept = { profile: profile.slice(), space }
    try {
      const way = littleCms.recolour(profile, space)
      if (!way || !isIdentity(way.recolour, space)) return { ...kept, ...way }
      way.free()
      return kept
    } catch {
      this.#forget()
      return kept
    }
  }

  #keep(kept: Kept): Kept {
    this.#kept = [kept, ...this.#kept.filter((other) => other !== kept)]
    for (const { free } of this.#kept.splice(KEPT)) free?.()
    return kept
  }

  /** Little CMS does not survive what it throws: the next photo gets a new one. */
  #forget(): void {
    this.#opening = undefined
    this.#kept = []
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

/** True where colours all over the cube stay as they are, to a step of 255: an sRGB profile. */
function isIdentity(recolour: Recolour, space: Space): boolean {
  if (space === 'CMYK') return false
  const steps = [0, 16, 32, 64, 96, 128, 160, 192, 224, 255]
  const before = Uint8Array.from(
    steps.flatMap((red) => steps.flatMap((green) => steps.flatMap((blue) => [red, green, blue, 0])))
  )
  if (space === 'GRAY') before.forEach((_, i) => (before[i] = before[i - (i % 4)]!))
  const after = before.slice()
  recolour(after)
  return after.every((value, i) => Math.abs(value - before[i]!) <= 1)
}
