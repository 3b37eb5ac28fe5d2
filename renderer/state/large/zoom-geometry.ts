// What of a photo is seen when it is zoomed into: geometry. Pure; runs in the page. Sizes of photos
// are in their own pixels, all others in CSS pixels.
import { TILE, levelSize, zoomSize, type TilePlace } from '../../../main/wire/large-picture.ts'

export interface Size {
  width: number
  height: number
}

export interface Point {
  x: number
  y: number
}

export interface Box extends Size {
  left: number
  top: number
}

/** What is seen: `scale` times what fits, and which share of the photo lies in the middle. */
export interface Framing extends Point {
  scale: number
}

/** All of it. */
export const WHOLE: Framing = { scale: 1, x: 0.5, y: 0.5 }

/** A photo in a field, on a screen with so many pixels for a CSS pixel. */
export interface Scene {
  photo: Size
  field: Size
  density: number
}

/** A photo is not blown up beyond this many times its own size, unless it is zoomed into. */
export const LARGEST = 2
/** A pixel of a photo is shown as a square of so many of the screen's, at most. */
const MOST = 8

/** The size of a photo as large as it fits; a small one is not blown up much. */
export function fitted({ photo, field }: Scene): Size {
  const scale = Math.min(field.width / photo.width, field.height / photo.height, LARGEST)
  return { width: photo.width * scale, height: photo.height * scale }
}

/** CSS pixels for one of a photo's while all of it is seen. */
export function fitScale(scene: Scene): number {
  return fitted(scene).width / scene.photo.width
}

/** The scale at which a pixel of a photo is one of the screen. */
export function pixelScale(scene: Scene): number {
  return 1 / scene.density / fitScale(scene)
}

/** The framing that is nearest to a wished one: within the photo, and within what can be zoomed. */
export function within(scene: Scene, framing: Framing): Framing {
  const fit = fitted(scene)
  const most = Math.max(1, MOST * pixelScale(scene))
  const scale = Math.min(most, Math.max(1, framing.scale))
  const middle = (share: number, shown: number, field: number): number => {
    const half = field / (2 * shown)
    return half >= 0.5 ? 0.5 : Math.min(1 - half, Math.max(half, share))
  }
  return {
    scale,
    x: middle(framing.x, fit.width * scale, scene.field.width),
    y: middle(framing.y, fit.height * scale, scene.field.height)
  }
}

/** Zooms to a scale; what lies at a point, counted from the middle of the field, stays there. */
export function zoomedTo(scene: Scene, framing: Framing, scale: number, at: Point): Framing {
  const fit = fitted(scene)
  const next = within(scene, { ...framing, scale }).scale
  const share = (from: number, off: number, side: number): number =>
    from + off / (side * framing.scale) - off / (side * next)
  return within(scene, {
    scale: next,
    x: share(framing.x, at.x, fit.width),
    y: share(framing.y, at.y, fit.height)
  })
}

/** Moves the photo by so much under the field. */
export function panned(scene: Scene, framing: Framing, by: Point): Framing {
  const { width, height } = fitted(scene)
  const x = framing.x - by.x / (width * framing.scale)
  return within(scene, { ...framing, x, y: framing.y - by.y / (height * framing.scale) })
}

/** Where the whole photo lies in the field, at whole pixels of the screen, so that 1:1 is sharp. */
export function placed(scene: Scene, framing: Framing): Box {
  const fit = fitted(scene)
  const { field, density } = scene
  const onScreen = (length: number): number => Math.round(length * density) / density
  const side = (length: number): number => Math.max(1 / density, onScreen(length * framing.scale))
  const [width, height] = [side(fit.width), side(fit.height)]
  const left = onScreen(field.width / 2 - framing.x * width)
  return { left, top: onScreen(field.height / 2 - framing.y * height), width, height }
}

/**
 * The tiles that a field shows of a photo, of the level that has a pixel for each of the screen;
 * none where a picture of the whole photo, so many pixels wide, has as many.
 */
export function tilesIn(scene: Scene, box: Box, wholeWidth: number): TilePlace[] {
  const { photo, field, density } = scene
  const base = zoomSize(photo)
  const long = photo.width >= photo.height ? 'width' : 'height' // the other may be nearly nothing
  const needed = Math.min(base[long], box[long] * density)
  if ((wholeWidth * photo[long]) / photo.width >= needed * 0.98) return []
  const level = Math.max(0, Math.floor(Math.log2(base[long] / needed) + 0.01))
  const size = levelSize(base, level)
  const range = (from: number, side: number, shown: number, pixels: number): number[] => {
    const first = Math.floor((Math.max(0, -from) / shown) * (pixels / TILE))
    const end = Math.min(pixels, ((side - from) / shown) * pixels)
    const count = Math.max(0, Math.ceil(end / TILE) - first)
    return Array.from({ length: count }, (_, i) => first + i)
  }
  const columns = range(box.left, field.width, box.width, size.width)
  const rows = range(box.top, field.height, box.height, size.height)
  return rows.flatMap((row) => columns.map((column) => ({ level, column, row })))
}

/** Where a tile lies on the whole photo that is shown so large, at whole pixels of the screen. */
export function placeOfTile(scene: Scene, shown: Size, { level, column, row }: TilePlace): Box {
  const size = levelSize(zoomSize(scene.photo), level)
  const edge = (at: number, pixels: number, length: number): number =>
    Math.round((Math.min(1, (at * TILE) / pixels) * length) * scene.density) / scene.density
  const [left, top] = [edge(column, size.width, shown.width), edge(row, size.height, shown.height)]
  const width = edge(column + 1, size.width, shown.width) - left
  return { left, top, width, height: edge(row + 1, size.height, shown.height) - top }
}
