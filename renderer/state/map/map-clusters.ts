// The clusters of the map as they are shown: how many photos, where, and which photo stands for it.
// Pure; runs in the page.
import type { MapPoints } from './map-tiles.ts'

export interface MapCluster {
  cluster: number
  photos: number
  /** The photo nearest its middle: which of the points. */
  cover: number
  x: number // of its cover
  y: number
}

/** Those that have photos, if only one, the largest first. */
export function clustersOf({ ids, places, clusters }: MapPoints): MapCluster[] {
  const sums = new Map<number, { photos: number; x: number; y: number }>()
  clusters.forEach((cluster, i) => {
    const sum = sums.get(cluster) ?? { photos: 0, x: 0, y: 0 }
    sums.set(cluster, sum)
    sum.photos++
    sum.x += places[2 * i]!
    sum.y += places[2 * i + 1]!
  })
  const nearest = new Map<number, { at: number; distance: number }>()
  clusters.forEach((cluster, i) => {
    const { photos, x, y } = sums.get(cluster)!
    const distance = (places[2 * i]! - x / photos) ** 2 + (places[2 * i + 1]! - y / photos) ** 2
    const best = nearest.get(cluster)
    const isNearer = !best || distance < best.distance
    if (isNearer || (distance === best.distance && ids[i]! < ids[best.at]!))
      nearest.set(cluster, { at: i, distance })
  })
  return [...sums]
    .map(([cluster, { photos }]) => {
      const cover = nearest.get(cluster)!.at
      return { cluster, photos, cover, x: places[2 * cover]!, y: places[2 * cover + 1]! }
    })
    .sort((a, b) => b.photos - a.photos || a.cluster - b.cluster)
}

/** Colours of clusters beside each other are far apart: hue, degrees. */
export function hueOf(cluster: number): number {
  return (cluster * 137.508 + 20) % 360
}
