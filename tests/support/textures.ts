// Ten classes of 32x32 pictures that a contrastive loss can find without labels: a class is a
// texture, which crops, flips and jitter leave; light, tint, phase and scale are each picture's
// own, so that raw colours tell little. Written as CIFAR-10's binary batches or as folders of PNGs.
// Test code only.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { PICTURE, SIDE } from '../../model/learning.ts'
import { seededRandom } from '../../model/retrieval.ts'

type Random = () => number

/** How light a place is, 0 to 1; one picture's own. */
type Texture = (x: number, y: number) => number

const wave = (t: number): number => 0.5 + 0.5 * Math.sin(2 * Math.PI * t)
const sharpened = (value: number): number => 1 / (1 + Math.exp(-8 * (value - 0.5)))

/** Textures by class; `pitch` is about 4 to 8 pixels. */
const CLASSES: readonly [name: string, make: (random: Random, pitch: number) => Texture][] = [
  ['bars', (random, pitch) => shifted(random, (_, y) => sharpened(wave(y / pitch)))],
  ['columns', (random, pitch) => shifted(random, (x) => sharpened(wave(x / pitch)))],
  ['slopes', slopes],
  ['chequers', (random, pitch) => shifted(random, (x, y) => chequer(x, y, pitch))],
  ['spots', (random, pitch) => shifted(random, (x, y) => spot(x, y, pitch))],
  ['rings', (random, pitch) => shifted(random, (x, y) => ring(Math.hypot(x, y) / pitch))],
  ['blobs', (random, pitch) => noise(random, pitch * 1.2)],
  ['grain', (random) => noise(random, 1)],
  ['lattice', (random, pitch) => shifted(random, (x, y) => lattice(x, y, pitch))],
  ['rays', (random) => shifted(random, (x, y) => sharpened(wave((Math.atan2(y, x) * 6) / Math.PI)))]
]

export const CLASS_NAMES = CLASSES.map(([name]) => name)

/** RGB planes [3, 32, 32] of a picture of a class; the same for the same seed. */
export function texture(label: number, seed: number): Uint8Array {
  const random = seededRandom(Math.imul(seed + 1, 2654435761) + label)
  const between = (low: number, high: number): number => low + random() * (high - low)
  const place = CLASSES[label]![1](random, between(4, 8))
  const dark = between(20, 130)
  const light = dark + between(50, 120)
  const tints = [between(0.85, 1.15), between(0.85, 1.15), between(0.85, 1.15)]
  const [slopeX, slopeY] = [between(-1.5, 1.5), between(-1.5, 1.5)]
  const planes = new Uint8Array(PICTURE)
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const shade = dark + (light - dark) * place(x, y) + slopeX * (x - 16) + slopeY * (y - 16)
      for (let channel = 0; channel < 3; channel++) {
        const value = shade * tints[channel]! + between(-12, 12)
        planes[channel * SIDE * SIDE + y * SIDE + x] = Math.min(255, Math.max(0, value))
      }
    }
  return planes
}

/** Writes data_batch_1.bin and test_batch.bin with so many pictures of each class. */
export function writeBatches(folder: string, train: number, test: number): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'data_batch_1.bin'), records(train, 0))
  writeFileSync(join(folder, 'test_batch.bin'), records(test, train))
}

/** Writes train/<class>/<n>.png and test/<class>/<n>.png, the same pictures as `writeBatches`. */
export async function writeFolders(folder: string, train: number, test: number): Promise<void> {
  for (const [half, from, to] of [
    ['train', 0, train],
    ['test', train, train + test]
  ] as const)
    for (const [label, name] of CLASS_NAMES.entries()) {
      mkdirSync(join(folder, half, name), { recursive: true })
      for (let seed = from; seed < to; seed++) {
        const file = join(folder, half, name, `${String(seed).padStart(5, '0')}.png`)
        const raw = { width: SIDE, height: SIDE, channels: 3 as const }
        await sharp(interleaved(texture(label, seed)), { raw }).png().toFile(file)
      }
    }
}

function records(each: number, from: number): Buffer {
  const bytes = Buffer.alloc(each * CLASSES.length * (PICTURE + 1))
  let at = 0
  for (let seed = from; seed < from + each; seed++)
    for (let label = 0; label < CLASSES.length; label++) {
      bytes[at] = label
      bytes.set(texture(label, seed), at + 1)
      at += PICTURE + 1
    }
  return bytes
}

function interleaved(planes: Uint8Array): Uint8Array {
  const pixels = SIDE * SIDE
  return planes.map((_, i) => planes[(i % 3) * pixels + Math.floor(i / 3)]!)
}

/** A texture whose origin lies anywhere in the picture. */
function shifted(random: Random, at: Texture): Texture {
  const [dx, dy] = [random() * SIDE, random() * SIDE]
  return (x, y) => at(x - dx, y - dy)
}

function slopes(random: Random, pitch: number): Texture {
  const way = random() < 0.5 ? 1 : -1
  return shifted(random, (x, y) => sharpened(wave((x + way * y) / pitch / Math.SQRT2)))
}

function ring(radius: number): number {
  return sharpened(wave(radius))
}

function chequer(x: number, y: number, pitch: number): number {
  const [across, down] = [Math.sin((Math.PI * x) / pitch), Math.sin((Math.PI * y) / pitch)]
  return sharpened(0.5 + across * down)
}

function spot(x: number, y: number, pitch: number): number {
  const [u, v] = [x / pitch, y / pitch]
  return Math.hypot(u - Math.round(u), v - Math.round(v)) < 0.3 ? 1 : 0
}

function lattice(x: number, y: number, pitch: number): number {
  const [u, v] = [x / pitch, y / pitch]
  return Math.min(Math.abs(u - Math.round(u)), Math.abs(v - Math.round(v))) < 0.13 ? 1 : 0
}

/** Smooth noise whose lumps are `size` pixels wide. */
function noise(random: Random, size: number): Texture {
  const width = Math.ceil(SIDE / size) + 2
  const grid = Float64Array.from({ length: width * width }, () => random())
  const at = (i: number, j: number): number => grid[j * width + i]!
  return (x, y) => {
    const [i, j] = [Math.floor(x / size), Math.floor(y / size)]
    const [s, t] = [x / size - i, y / size - j]
    const above = at(i, j) * (1 - s) + at(i + 1, j) * s
    const below = at(i, j + 1) * (1 - s) + at(i + 1, j + 1) * s
    return sharpened(above * (1 - t) + below * t)
  }
}
