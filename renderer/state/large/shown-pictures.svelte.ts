// Pictures of whole photos, as large as the field that they fill: which of them is asked for, and
// those that are made ahead. Runs in the page.
import { Fault, isFault } from '../../../main/wire/fault.ts'
import { largeSide, type LargeSide } from '../../../main/wire/large-picture.ts'
import type { PhotoInfos } from '../photo-infos.svelte.ts'
import { largeAddress } from '../picture-addresses.ts'
import { LARGEST, type Size } from './zoom-geometry.ts'

/** Pictures that are kept: those before and after, and the last that were looked at. */
const KEPT = 6

/**
 * The short side, in pixels, that a picture needs to be sharp in a field.
 * @param field in CSS pixels
 * @param density pixels of the screen for one of these
 * @param photo in pixels; nothing where it is not known
 */
function sideFor(field: Size, density: number, photo: Size | undefined): LargeSide {
  if (!photo || photo.width === 0)
    return largeSide(Math.min(field.width, field.height) * density)
  const short = Math.min(photo.width, photo.height)
  const scale = Math.min(field.width / photo.width, field.height / photo.height, LARGEST)
  return largeSide(Math.min(short, Math.ceil(short * scale * density)))
}

/** Addresses of large pictures, and those that were loaded. */
export class ShownPictures {
  #infos: PhotoInfos
  /** Counts what is to be prepared: of what was asked for meanwhile the last counts. */
  #wishes = 0
  /** The field that large photos fill, CSS pixels. */
  field = $state.raw<Size>({ width: innerWidth * 0.6, height: innerHeight * 0.8 })
  /** Pixels of the screen for a CSS pixel. */
  density = $state(devicePixelRatio)
  /** The page holds them, so that Chromium does: shown again they are there at once. */
  #kept = new Map<string, HTMLImageElement>()

  constructor(infos: PhotoInfos) {
    this.#infos = infos
  }

  /** Where to ask for a photo by the name of its thumbnail. */
  address(name: string, photo: Size | undefined): string {
    return largeAddress(name, sideFor(this.field, this.density, photo))
  }

  /** Where to ask for a photo with all its pixels. Rejects with a Fault. */
  async wholeAddress(id: number): Promise<string> {
    await this.#infos.ensure([id])
    const info = this.#infos.get(id)
    const name = this.#infos.thumbnail(id)
    if (!info || !name) {
      const [expected, received] = ['a photo that is indexed', 'none']
      throw new Fault({ kind: 'not-found', subject: `photo ${id}`, expected, received })
    }
    return largeAddress(name, largeSide(Math.min(info.width, info.height)))
  }

  /** Has pictures made of photos that are likely to be looked at next, the likeliest first. */
  async prepare(photos: readonly (number | undefined)[]): Promise<void> {
    const wish = ++this.#wishes
    const ids = photos.filter((id) => id !== undefined)
    try {
      await this.#infos.ensure(ids)
    } catch (error) {
      if (!isFault(error)) throw error
      return // nobody waits for them
    }
    if (wish !== this.#wishes) return
    for (const id of ids) {
      const name = this.#infos.thumbnail(id)
      if (name) this.keep(this.address(name, this.#infos.get(id)))
    }
  }

  /** True for one that is here already. */
  isHere(address: string): boolean {
    const image = this.#kept.get(address)
    return !!image && image.complete && image.naturalWidth > 0
  }

  /** Loads a picture that is likely to be looked at next, and keeps one that is. */
  keep(address: string): void {
    const image = this.#kept.get(address) ?? new Image()
    this.#kept.delete(address)
    this.#kept.set(address, image)
    if (image.src !== address) {
      image.onerror = () => this.#kept.delete(address)
      image.src = address
      // Decoded now, or it would be when it is drawn. One that cannot be had is told where it is.
      image.decode().catch(() => undefined)
    }
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break
      this.#kept.delete(oldest)
    }
  }
}
