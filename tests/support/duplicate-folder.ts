// A folder in which photos are there more than once: equal files, one picture in several versions,
// shots of one moment; of real photos where they are at hand, else of drawn ones. Test code only.
import { copyFileSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { withExif } from './exif.ts'
import { makePhotos } from './photos.ts'
import { sharedPhotos } from './pictures.ts'
import { VARIANTS, plainPicture } from './variants.ts'

const KINDS = ['beaver', 'bonsai', 'brain', 'barrel', 'bass']

/** Pictures of different things. */
async function pictures(scratch: string, seed: number): Promise<string[]> {
  if (!sharedPhotos) return makePhotos(scratch, KINDS.length, { seed, size: 400 })
  return KINDS.map((kind) => {
    const folder = join(sharedPhotos ?? '', 'objects', kind)
    const [name = ''] = readdirSync(folder).sort()
    return join(folder, name)
  })
}

/**
 * Fills `folder`. album: one.jpg, two.jpg, small.jpg, mirrored.jpg and turned.jpg of two's picture,
 * shot 1.jpg and shot 2.jpg; backup: one.jpg and again.jpg, equal to it and written before.
 */
export async function fillWithDuplicates(
  folder: string,
  scratch: string,
  seed = 5
): Promise<{ album: string; backup: string }> {
  const [one = '', two = '', shot = '', ...others] = await pictures(scratch, seed)
  const [album, backup] = [join(folder, 'album'), join(folder, 'backup')]
  for (const each of [album, backup]) mkdirSync(each, { recursive: true })
  const first = await sharp(one).resize(640).jpeg({ quality: 95 }).toBuffer()
  for (const [path, at] of [
    [join(backup, 'one.jpg'), 1.0e9],
    [join(backup, 'again.jpg'), 1.1e9],
    [join(album, 'one.jpg'), 1.2e9]
  ] as const) {
    writeFileSync(path, first)
    utimesSync(path, at, at)
  }
  const large = await sharp(two).resize(900).jpeg({ quality: 95 }).toBuffer()
  writeFileSync(join(album, 'two.jpg'), large)
  const { picture, size } = await plainPicture(join(album, 'two.jpg'))
  for (const [name, variant] of [
    ['small', 'resized'],
    ['mirrored', 'mirrored'],
    ['turned', 'turned']
  ] as const)
    writeFileSync(join(album, `${name}.jpg`), await VARIANTS[variant]!(picture, size))
  for (const [name, blur, second] of [['shot 1', 2, '09'], ['shot 2', 0, '11']] as const) {
    const resized = sharp(shot).resize(500)
    const jpeg = await (blur > 0 ? resized.blur(blur) : resized).jpeg({ quality: 92 }).toBuffer()
    const { width = 0, height = 0 } = await sharp(jpeg).metadata()
    const taken = `2024:05:06 07:08:${second}`
    writeFileSync(join(album, `${name}.jpg`), withExif(jpeg, { width, height, taken }))
  }
  for (const [place, path] of others.entries()) copyFileSync(path, join(album, `other ${place}.jpg`))
  return { album, backup }
}
