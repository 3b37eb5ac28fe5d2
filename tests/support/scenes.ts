// Drawn landscapes in families, for screenshots: freely ours, and alike enough within a family that
// kin show. Test code only; photos.ts makes the plainer pictures that tests index.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { seededRandom } from '../../model/retrieval.ts'

type Random = () => number

/** A scene of a size as SVG elements; `hue` is its family's. */
type Scene = (random: Random, width: number, height: number, hue: number) => string

const SCENES: Readonly<Record<string, Scene>> = {
  mountains,
  sea,
  city,
  meadow,
  lights,
  forest,
  dunes,
  snow
}

const SIZES = [
  [1080, 720],
  [1080, 720],
  [720, 1080],
  [1000, 750],
  [1200, 675],
  [900, 900],
  [1500, 560]
] as const

/**
 * Writes `count` scenes as JPEG, `families` of them, a folder each kind of scene; the same each
 * time.
 */
export async function makeScenes(folder: string, count: number, families = 24): Promise<void> {
  const kinds = Object.entries(SCENES)
  for (let index = 0; index < count; index++) {
    const family = index % families
    const [name, scene] = kinds[family % kinds.length]!
    const random = seededRandom(index * 9301 + 7)
    const hue = Math.round(seededRandom(family + 1)() * 360)
    const [width, height] = SIZES[Math.floor(random() * SIZES.length)]!
    const parent = join(folder, name)
    mkdirSync(parent, { recursive: true })
    const file = join(parent, `DSC_${String(2000 + index)}.jpg`)
    await grained(scene(random, width, height, hue), width, height).toFile(file)
  }
}

/** The drawing under a little film grain, as JPEG. */
function grained(elements: string, width: number, height: number): Sharp {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${elements}</svg>`
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 12 }
  const grain = { create: { width, height, channels: 3 as const, background: '#808080', noise } }
  return sharp(Buffer.from(svg))
    .composite([{ input: grain, blend: 'soft-light' }])
    .jpeg({ quality: 86 })
}

function colour(hue: number, saturation: number, lightness: number): string {
  return `hsl(${((Math.round(hue) % 360) + 360) % 360},${saturation}%,${lightness}%)`
}

function fill(width: number, height: number, paint: string): string {
  return `<rect width="${width}" height="${height}" fill="${paint}"/>`
}

function sky(width: number, height: number, top: string, bottom: string): string {
  const stops = `<stop offset="0" stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/>`
  const gradient = `<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">${stops}</linearGradient>`
  return gradient + fill(width, height, 'url(#sky)')
}

function disc(x: number, y: number, radius: number, paint: string, opacity = 1): string {
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${paint}" opacity="${opacity}"/>`
}

/** Hills from edge to edge, down to the ground. */
function ridge(
  random: Random,
  width: number,
  height: number,
  top: number,
  rough: number,
  paint: string
) {
  const [phase, waves] = [random() * 6, 2 + random() * 4]
  const points = Array.from({ length: 61 }, (_, i) => {
    const wave = Math.sin((i / 60) * waves * Math.PI + phase) * rough * 0.7
    return `${(width * i) / 60},${top + wave + (random() - 0.5) * rough * 0.4}`
  })
  return `<polygon points="0,${height} ${points.join(' ')} ${width},${height}" fill="${paint}"/>`
}

function layers(count: number, draw: (layer: number) => string): string {
  return Array.from({ length: count }, (_, layer) => draw(layer)).join('')
}

function mountains(random: Random, width: number, height: number, hue: number): string {
  return (
    sky(width, height, colour(hue, 45, 38), colour(hue + 150, 60, 80)) +
    disc(width * (0.2 + random() * 0.6), height * 0.36, height * 0.06, '#fff6df') +
    layers(5, (i) => {
      const paint = colour(hue - 10 + i * 6, 28, 56 - i * 10)
      return ridge(random, width, height, height * (0.42 + i * 0.11), height * 0.12, paint)
    })
  )
}

function sea(random: Random, width: number, height: number, hue: number): string {
  const horizon = height * (0.5 + random() * 0.12)
  const waves = layers(80, () => {
    const near = random()
    const y = horizon + near * near * (height - horizon)
    const [rx, ry] = [width * (0.01 + near * 0.05), 1 + near * 4]
    return `<ellipse cx="${random() * width}" cy="${y}" rx="${rx}" ry="${ry}" fill="#fff" opacity="0.15"/>`
  })
  return (
    sky(width, height, colour(hue, 60, 50), colour(hue + 170, 75, 78)) +
    disc(width * (0.25 + random() * 0.5), horizon - height * 0.08, height * 0.07, '#fff0c8') +
    `<rect y="${horizon}" width="${width}" height="${height}" fill="${colour(hue + 10, 45, 34)}"/>` +
    waves
  )
}

function city(random: Random, width: number, height: number, hue: number): string {
  let towers = ''
  for (let layer = 0; layer < 3; layer++) {
    for (let x = -20; x < width;) {
      const [w, h] = [
        width * (0.03 + random() * 0.07),
        height * (0.25 + random() * 0.4 - layer * 0.06)
      ]
      const paint = colour(hue + 20, 25, 22 - layer * 5)
      towers += `<rect x="${x}" y="${height - h}" width="${w}" height="${h}" fill="${paint}"/>`
      towers += layers(9, () => {
        const [left, top] = [x + 4 + random() * (w - 12), height - h + 8 + random() * (h - 20)]
        return `<rect x="${left}" y="${top}" width="6" height="9" fill="${colour(45, 90, 70)}"/>`
      })
      x += w + 2
    }
  }
  return sky(width, height, colour(hue + 20, 45, 12), colour(hue, 40, 34)) + towers
}

function meadow(random: Random, width: number, height: number, hue: number): string {
  const blades = layers(300, () => {
    const [x, y, lean] = [random() * width, random() * height, random() * 40 - 20]
    const paint = colour(100 + random() * 30, 40, 20 + random() * 25)
    return `<path d="M${x},${y} q${lean},-60 ${lean},-120" stroke="${paint}" stroke-width="4" fill="none"/>`
  })
  const flowers = layers(16, () => {
    const [x, y, size] = [random() * width, random() * height, height * (0.05 + random() * 0.08)]
    const petals = layers(8, (petal) => {
      const place = `cx="${x}" cy="${y - size * 0.6}" rx="${size * 0.3}" ry="${size * 0.6}"`
      return `<ellipse ${place} fill="${colour(hue + random() * 25, 75, 64)}" transform="rotate(${petal * 45} ${x} ${y})"/>`
    })
    return petals + disc(x, y, size * 0.28, colour(45, 85, 50))
  })
  return fill(width, height, colour(110 + hue / 9, 32, 30)) + blades + flowers
}

function lights(random: Random, width: number, height: number, hue: number): string {
  const glow = layers(70, () => {
    const paint = colour(hue + random() * 60, 80, 60)
    const radius = height * (0.01 + random() * 0.09)
    return disc(random() * width, random() * height, radius, paint, 0.15 + random() * 0.5)
  })
  return fill(width, height, colour(hue, 50, 9)) + glow
}

function forest(random: Random, width: number, height: number, hue: number): string {
  const trees = layers(56, (i) => {
    const row = Math.floor(i / 14)
    const [x, top, half] = [
      random() * width,
      height * (0.25 + row * 0.15),
      width * (0.05 + row * 0.02)
    ]
    const paint = colour(120 + hue / 8, 30, 46 - row * 9)
    return `<path d="M${x},${top + random() * 80} l${half},${height * 0.5} h${-2 * half} z" fill="${paint}"/>`
  })
  return sky(width, height, colour(90 + hue / 6, 25, 70), colour(90 + hue / 6, 25, 58)) + trees
}

function dunes(random: Random, width: number, height: number, hue: number): string {
  return (
    sky(width, height, colour(200 + hue / 10, 50, 64), colour(200 + hue / 10, 45, 82)) +
    layers(5, (i) => {
      const paint = colour(22 + hue / 12 + i * 2, 62 - i * 4, 66 - i * 8)
      return ridge(random, width, height, height * (0.45 + i * 0.12), height * 0.08, paint)
    })
  )
}

function snow(random: Random, width: number, height: number): string {
  const hills = layers(4, (i) =>
    ridge(
      random,
      width,
      height,
      height * (0.5 + i * 0.13),
      height * 0.06,
      colour(212, 26, 92 - i * 6)
    )
  )
  const trees = layers(10, () => {
    const [x, y, tall] = [random() * width, height * (0.55 + random() * 0.35), height * 0.2]
    const branches = `l${tall / 4},${-tall / 3} M${x},${y - tall * 0.6} l${-tall / 4},${-tall / 3}`
    const path = `M${x},${y} v${-tall} M${x},${y - tall * 0.45} ${branches}`
    return `<path d="${path}" stroke="#4a4038" stroke-width="6" fill="none"/>`
  })
  const flakes = layers(150, () =>
    disc(random() * width, random() * height, 2 + random() * 5, '#ffffff', 0.8)
  )
  return fill(width, height, colour(210, 25, 84)) + hills + trees + flakes
}
