// The files that a bench of indexing reads: large JPEGs, RAWs and HEICs, each with bytes of its
// own, so that no two count as copies. Made anew for each run of the bench.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { randomFillSync } from 'node:crypto'
import { join } from 'node:path'
import sharp from 'sharp'
import { exifTiff, withExif, type ExifOptions } from '../../support/exif.ts'

export const KINDS = ['small', 'previews', 'plain', 'heic', 'raw'] as const
export type Kind = (typeof KINDS)[number]

export const WORDS: Record<Kind, string> = {
  small: 'small photos, 300 x 200',
  previews: 'JPEGs of 12 and 24 megapixels with a preview of 512 x 384 in EXIF',
  plain: 'the same without a preview',
  heic: "a phone's HEICs of 12 megapixels",
  raw: 'RAWs of 20 MB around previews of 24 and 2 megapixels'
}

/** Pictures that are enlarged; each becomes several files. */
const PICTURES = 12
/** What enlarged pictures lack: the noise of a sensor, without which JPEGs would be too short. */
const NOISE = 7
const SIZES = [
  { width: 4000, height: 3000 },
  { width: 6000, height: 4000 }
]
const HEICS = ['heic-immich.heic', 'iphone-13.HEIC', 'orientation.heic']

/** The folder of a kind's files, made below `folder` where they are not shared ones. */
export async function makeFiles(
  kind: Kind,
  folder: string,
  count: number,
  shared: string
): Promise<string> {
  if (kind === 'small') return join(shared, 'photos/objects')
  const own = join(folder, kind)
  mkdirSync(own, { recursive: true })
  if (kind === 'heic') makeHeics(own, count, join(shared, 'every-photo/good'))
  else await makeLarge(kind, own, count, join(shared, 'photos/few-kinds'))
  return own
}

function makeHeics(folder: string, count: number, from: string): void {
  for (let i = 0; i < count; i++) {
    const name = HEICS[i % HEICS.length]!
    const box = Buffer.from('\0\0\0\x0cfree\0\0\0\0', 'latin1') // which every reader passes by
    box.writeUInt32BE(i, 8)
    writeFileSync(join(folder, `${i}.heic`), Buffer.concat([readFileSync(join(from, name)), box]))
  }
}

interface Enlarged {
  jpeg: Buffer
  size: { width: number; height: number }
}

let enlarged: Enlarged[] | undefined // for all kinds that are made of them

async function enlarge(from: string): Promise<Enlarged[]> {
  const names = readdirSync(from, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jpg'))
    .sort()
  const step = Math.floor(names.length / PICTURES)
  const noise = { type: 'gaussian' as const, mean: 128, sigma: NOISE }
  const grey = { width: 512, height: 512, channels: 3 as const, background: '#808080', noise }
  const grain = await sharp({ create: grey }).png().toBuffer()
  const found: Enlarged[] = []
  for (let picture = 0; picture < PICTURES; picture++) {
    const size = SIZES[picture % SIZES.length]!
    const large = await sharp(join(from, names[picture * step]!))
      .resize({ ...size, fit: 'cover' })
      .toBuffer()
    const jpeg = await sharp(large)
      .composite([{ input: grain, tile: true, blend: 'overlay' }])
      .jpeg({ quality: 92 })
      .toBuffer()
    found.push({ jpeg, size })
  }
  return found
}

async function makeLarge(
  kind: 'previews' | 'plain' | 'raw',
  folder: string,
  count: number,
  from: string
): Promise<void> {
  enlarged ??= await enlarge(from)
  const sensor = randomFillSync(Buffer.alloc(20_000_000))
  for (const [picture, { jpeg, size }] of enlarged.slice(0, count).entries()) {
    const scaled = (width: number, quality: number): Promise<Buffer> =>
      sharp(jpeg).resize({ width }).jpeg({ quality }).toBuffer()
    const exif = { ...size, ...(kind === 'previews' && { preview: await scaled(512, 80) }) }
    const previews = kind === 'raw' ? [await scaled(160, 80), await scaled(1620, 90), jpeg] : []
    for (let i = picture; i < count; i += PICTURES) {
      const taken = `2024:05:06 07:${two(i / 60)}:${two(i % 60)}`
      const own = { ...exif, taken }
      const isRaw = kind === 'raw'
      const file = isRaw
        ? rawOf(own, previews, sensor)
        : withExif(jpeg, own)
      writeFileSync(join(folder, `${i}.${isRaw ? 'dng' : 'jpg'}`), file)
    }
  }
}

/** Its directory tells where the sensor's data is; the previews are found by their marks. */
function rawOf(own: ExifOptions, previews: readonly Buffer[], sensor: Buffer): Buffer {
  const headed = (at: number): Buffer =>
    exifTiff({ ...own, sensor: { at, bytes: sensor.length } })
  const before = [headed(0), ...previews].reduce((sum, { length }) => sum + length, 0)
  return Buffer.concat([headed(before), ...previews, sensor])
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0')
}
