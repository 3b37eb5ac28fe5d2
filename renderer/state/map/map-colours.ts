// The colours and sizes of the map's dots. Pure; runs in the page.
import { hueOf } from './map-clusters.ts'
import type { MapPoints } from './map-tiles.ts'

/** Opacity of dots, 0..255; of others while some are selected. */
const OPACITY = 190
const FAINT = 60

/** Colours [n, 4] and marks [n] of all points. @param isSelected left out: none is */
export function coloursOf(
  { ids, clusters }: MapPoints,
  isDark: boolean,
  isSelected?: (id: number) => boolean
): { colours: Uint8Array; marks: Uint8Array } {
  const byCluster = Array.from({ length: 256 }, (_, cluster) =>
    rgbOf(hueOf(cluster), 0.5, isDark ? 0.62 : 0.47)
  )
  const colours = new Uint8Array(4 * ids.length)
  const marks = new Uint8Array(ids.length)
  clusters.forEach((cluster, i) => {
    const colour = byCluster[cluster]!
    for (let part = 0; part < 3; part++) colours[4 * i + part] = colour[part]!
    const selected = isSelected?.(ids[i]!) ?? false
    marks[i] = selected ? 1 : 0
    colours[4 * i + 3] = selected ? 255 : isSelected ? FAINT : OPACITY
  })
  return { colours, marks }
}

/** CSS pixels: smaller where there are many, larger from near. */
export function dotSize(photos: number, nearness: number): number {
  const far = Math.max(3, 9 - Math.log10(Math.max(10, photos)) * 1.2)
  return Math.min(10, far * Math.max(1, nearness) ** 0.25)
}

/** Red, green and blue, 0..255, of a hue in degrees and shares of saturation and lightness. */
function rgbOf(hue: number, saturation: number, lightness: number): [number, number, number] {
  const reach = saturation * Math.min(lightness, 1 - lightness)
  const part = (turn: number): number => {
    const k = (turn + hue / 30) % 12
    return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
  }
  return [part(0), part(8), part(4)]
}
