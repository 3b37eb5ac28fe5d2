// Ten classes of 32x32 pictures that a contrastive loss can find without labels: a class is one
// drawing, and a picture is a part of it, mirrored or not, in colours and blur of its own, with
// noise. So raw pixels tell little, and what the papers' views leave is the class. Written as
// CIFAR-10's binary batches or as folders of PNGs. Test code only.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { augmentReference } from '../../model/image/augment-reference.ts'
import { PICTURE, SIDE } from '../../model/learning.ts'
import { PAPER_VIEWS, sampleAugmentation, seededRandom } from '../../model/retrieval.ts'
import type { Photo } from '../../model/retrieval.ts'

export const CLASS_NAMES = Array.from('abcdefghij', (letter) => `drawing-${letter}`)

/** Pixels across a drawing, and between the lumps of light that it is made of. */
const DRAWING = 48
const LUMP = 12
/** How a picture shows its drawing: at least a third of it, in the papers' colours. */
const SHOWN = { ...PAPER_VIEWS, scale: [0.35, 1] as const }
const NOISE = 16

const drawings = CLASS_NAMES.map((_, label) => drawing(label))

/** RGB planes [3, 32, 32] of a picture of a class; the same for the same seed. */
function pictureOf(label: number, seed: number): Uint8Array {
  const random = seededRandom(Math.imul(seed + 1, 2654435761) + label)
  const view = sampleAugmentation(random, SHOWN, { width: DRAWING, height: DRAWING })
  const pixels = augmentReference(drawings[label]!, view, SIDE)
  const planes = new Uint8Array(PICTURE)
  for (let at = 0; at < pixels.length; at++) {
    const value = pixels[at]! * 255 + (random() - 0.5) * 2 * NOISE
    planes[(at % 3) * SIDE * SIDE + Math.floor(at / 3)] = Math.min(255, Math.max(0, value))
  }
  return planes
}

/** Lumps of light in three colours, with hard edges: as rich at every scale as a photo is. */
function drawing(label: number): Photo {
  const random = seededRandom(1000 + label)
  const channels = [0, 1, 2].map(() => noise(random, LUMP))
  const rgb = new Uint8Array(DRAWING * DRAWING * 3)
  for (let y = 0; y < DRAWING; y++)
    for (let x = 0; x < DRAWING; x++)
      channels.forEach((at, c) => (rgb[(y * DRAWING + x) * 3 + c] = 255 * at(x, y)))
  return { rgb, width: DRAWING, height: DRAWING }
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
        await sharp(interleaved(pictureOf(label, seed)), { raw })
          .png()
          .toFile(file)
      }
    }
}

function records(each: number, from: number): Buffer {
  const bytes = Buffer.alloc(each * CLASS_NAMES.length * (PICTURE + 1))
  let at = 0
  for (let seed = from; seed < from + each; seed++)
    for (let label = 0; label < CLASS_NAMES.length; label++) {
      bytes[at] = label
      bytes.set(pictureOf(label, seed), at + 1)
      at += PICTURE + 1
    }
  return bytes
}

function interleaved(planes: Uint8Array): Uint8Array {
  const pixels = SIDE * SIDE
  return planes.map((_, i) => planes[(i % 3) * pixels + Math.floor(i / 3)]!)
}

/** Noise whose lumps are `size` pixels wide. */
function noise(random: () => number, size: number): (x: number, y: number) => number {
  const width = Math.ceil(DRAWING / size) + 2
  const grid = Float64Array.from({ length: width * width }, () => random())
  const at = (i: number, j: number): number => grid[j * width + i]!
  return (x, y) => {
    const [i, j] = [Math.floor(x / size), Math.floor(y / size)]
    const [s, t] = [x / size - i, y / size - j]
    const above = at(i, j) * (1 - s) + at(i + 1, j) * s
    const below = at(i, j + 1) * (1 - s) + at(i + 1, j + 1) * s
    return 1 / (1 + Math.exp(-8 * (above * (1 - t) + below * t - 0.5)))
  }
}
