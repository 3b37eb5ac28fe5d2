// The addresses of the app's own pages and photos, and the few outside ones a person may open.
// Pure: no Electron, so that hostile inputs can be tried one by one.

import { LARGE_SIDES, type TilePlace, type LargeSide } from '../wire/large-picture.ts'
import { PICTURE_KINDS, type PictureKind } from '../wire/thumbnail.ts'

/** Schemes of our own: pages and their scripts; pictures. */
export const PAGE_SCHEME = 'app'
export const PHOTO_SCHEME = 'photo'

/** The page and the decoder are two origins, so neither can reach into the other. */
export const PAGE_HOST = 'kindred'
export const DECODER_HOST = 'decoder'
export const PAGE_ADDRESS = `${PAGE_SCHEME}://${PAGE_HOST}/renderer/index.html`
export const DECODER_ADDRESS = `${PAGE_SCHEME}://${DECODER_HOST}/main/decode/window.html`

/** What the menus link to. The system's browser opens these; the app itself never does. */
export const LICENCE_ADDRESS = 'https://www.apache.org/licenses/LICENSE-2.0'
const OUTSIDE_ADDRESSES: readonly string[] = [LICENCE_ADDRESS]

function parsed(address: string): URL | undefined {
  try {
    return new URL(address)
  } catch {
    return undefined
  }
}

/** True for an address of the page's own origin, `app://kindred`. */
export function isPageAddress(address: string): boolean {
  const url = parsed(address)
  return url?.protocol === `${PAGE_SCHEME}:` && url.host === PAGE_HOST
}

/** True for a request that stays inside the app: our two schemes. */
export function isOwnAddress(address: string): boolean {
  const scheme = parsed(address)?.protocol
  return scheme === `${PAGE_SCHEME}:` || scheme === `${PHOTO_SCHEME}:`
}

/**
 * The address as it may be given to the system's browser, or undefined when it is not on the list.
 */
export function outsideAddress(address: string): string | undefined {
  const url = parsed(address)
  return url && OUTSIDE_ADDRESSES.includes(url.href) ? url.href : undefined
}

/**
 * What a picture's address names, always by the name that a photo's content has: its thumbnail,
 * `photo://thumb/<name>`, or sharp tile, `photo://tile/<name>`; the whole photo as it is made for
 * the large picture, `photo://large/<name>/<short side>`; or a part of it,
 * `photo://part/<name>/<level>-<column>-<row>`. None names a photo's own file.
 */
export type PictureName =
  | { what: PictureKind; name: string }
  | { what: 'large'; name: string; side: LargeSide }
  | ({ what: 'part'; name: string } & TilePlace)

const PATTERN =
  /^photo:\/\/([a-z]+)\/([0-9a-f]{32})(?:\/(\d{1,4})(?:-(\d{1,3})-(\d{1,3}))?)?$/

/** Reads a picture's address; undefined when it is anything but one of the four, to the letter. */
export function pictureName(address: string): PictureName | undefined {
  const [, what, name, first, column, row] = PATTERN.exec(address) ?? []
  if (!name) return undefined
  const kept = PICTURE_KINDS.find((kind) => kind === what)
  if (kept && first === undefined) return { what: kept, name }
  if (what === 'large' && first !== undefined && column === undefined) {
    const side = LARGE_SIDES.find((one) => String(one) === first)
    return side && { what, name, side }
  }
  if (what !== 'part' || first?.length !== 1 || !isPlain(column) || !isPlain(row)) return undefined
  return { what, name, level: Number(first), column: Number(column), row: Number(row) }
}

/** A number in the one way to write it. */
function isPlain(digits: string | undefined): boolean {
  return digits !== undefined && String(Number(digits)) === digits
}
