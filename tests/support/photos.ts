// Folders of generated photos: distinct, in several formats and subfolders, the same bytes on every
// run with the same sharp. Test code only.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import type { Sharp } from 'sharp'
import { seededRandom } from '../../model/retrieval.ts'

export interface PhotoOptions {
  seed?: number
  /** Long side of most photos, pixels; every third is upright. Default 320. */
  size?: number
}

/** Photos of one kind look alike; photo i is of kind i modulo this. */
export const KINDS = 10
const FOLDERS = ['', 'spring', 'summer', 'summer/beach', 'ünïcode 岩']
/** Formats in turn: mostly JPEG, as in life. GIF and AVIF are slow to write and thus rare. */
const FORMATS = [
  'jpeg',
  'jpeg',
  'png',
  'jpeg',
  'webp',
  'jpeg',
  'jpeg',
  'webp',
  'jpeg',
  'png'
] as const
const RARE = ['gif', 'avif'] as const
const RARE_EVERY = 50
const AT_ONCE = 8

/** Writes `count` photos below `folder` (made when missing); their paths, in order. */
export async function makePhotos(
  folder: string,
  count: number,
  { seed = 1, size = 320 }: PhotoOptions = {}
): Promise<string[]> {
  const paths: string[] = []
  for (let start = 0; start < count; start += AT_ONCE) {
    const places = Array.from({ length: Math.min(AT_ONCE, count - start) }, (_, i) => start + i)
    paths.push(...(await Promise.all(places.map((index) => makePhoto(folder, index, seed, size)))))
  }
  return paths
}

async function makePhoto(
  folder: string,
  index: number,
  seed: number,
  size: number
): Promise<string> {
  const isRare = index % RARE_EVERY === RARE_EVERY - 1
  const format = isRare
    ? RARE[Math.floor(index / RARE_EVERY) % RARE.length]!
    : FORMATS[index % FORMATS.length]!
  const parent = FOLDERS[Math.floor(index / 3) % FOLDERS.length]!
  const extension = format === 'jpeg' ? 'jpg' : format
  const path = join(folder, parent, `photo-${seed}-${String(index).padStart(5, '0')}.${extension}`)
  const short = (size * 3) >> 2
  const [width, height] = index % 3 === 2 ? [short, size] : [size, short]
  const bytes = await drawn(index % KINDS, seed * 1_000_003 + index, width, height)
    .toFormat(format)
    .toBuffer()
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
  return path
}

/**
 * A picture of a kind: its ground and shapes belong to the kind, their places and tints to the
 * seed.
 */
function drawn(kind: number, seed: number, width: number, height: number): Sharp {
  const random = seededRandom(seed)
  const between = (low: number, high: number): number => low + random() * (high - low)
  const whole = Math.round
  const tint = (hue: number, light: number): string =>
    `hsl(${whole(hue + between(-15, 15))},${whole(between(45, 90))}%,${whole(light)}%)`
  const hue = kind * 36
  const shapes: string[] = []
  for (let i = 0; i < 12; i++) {
    const [x, y, r] = [between(0, width), between(0, height), between(0.04, 0.18) * width]
    const fill = tint(hue + 140, between(25, 80))
    if (kind % 3 === 0) shapes.push(`<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/>`)
    else if (kind % 3 === 1)
      shapes.push(`<rect x="${x}" y="${y}" width="${r * 2}" height="${r}" fill="${fill}"/>`)
    else
      shapes.push(`<path d="M${x} ${y}l${r} ${r * 2}l${-2 * r} 0z" fill="${fill}" stroke="black"/>`)
  }
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<defs><linearGradient id="g" gradientTransform="rotate(${whole(between(0, 90))})">` +
    `<stop stop-color="${tint(hue, 30)}"/><stop offset="1" stop-color="${tint(hue + 40, 75)}"/>` +
    `</linearGradient></defs><rect width="100%" height="100%" fill="url(#g)"/>` +
    `${shapes.join('')}</svg>`
  return sharp(Buffer.from(svg)).flatten()
}
