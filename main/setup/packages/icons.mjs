// Kindred's icon as the PNG files that packages need, drawn from icon.svg. Set-up; run after
// node_modules are there. Electron-builder would fetch a program that does so.
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { ROOT } from '../machine.mjs'

const SIZES = [16, 32, 48, 64, 128, 256, 512, 1024]

/** Writes `<size>x<size>.png` for every size into a folder. */
export async function makeIcons(folder) {
  const sharp = createRequire(join(ROOT, 'package.json'))('sharp')
  mkdirSync(folder, { recursive: true })
  for (const size of SIZES)
    await sharp(join(ROOT, 'main/setup/icon.svg'), { density: 72 })
      .resize(size, size)
      .png({ compressionLevel: 9 })
      .toFile(join(folder, `${size}x${size}.png`))
}
