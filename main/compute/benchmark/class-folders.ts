// Pictures in folders that are their classes: train/<class>/* and test/<class>/*. Plain Node, with
// the decoder of the command line (sharp).
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PICTURE, SIDE, type Pictures } from '../../../model/learning.ts'
import { decodedFormatOf } from '../../decode/format.ts'
import { limitOf } from '../../decode/limit.ts'
import { decodeWithSharp } from '../../decode/node.ts'
import { Fault } from '../../wire/fault.ts'
import { readPhoto } from '../files.ts'

const AT_ONCE = 8
const PIXELS = SIDE * SIDE

/** Reads both halves. Throws a Fault that names the picture or folder it could not read. */
export async function readClassFolders(
  folder: string
): Promise<{ train: Pictures; test: Pictures }> {
  const classes = foldersIn(join(folder, 'train'))
  const unknown = foldersIn(join(folder, 'test')).find((name) => !classes.includes(name))
  if (classes.length < 2) throw refused('train', 'two or more folders of classes', classes.length)
  if (unknown) throw refused('test', 'classes that are in train too', `test/${unknown}`)
  return {
    train: await readHalf(join(folder, 'train'), classes),
    test: await readHalf(join(folder, 'test'), classes)
  }
}

/** Names of the folders in a folder, links to folders too. */
function foldersIn(folder: string): string[] {
  if (!isFolder(folder)) throw refused(folder, 'a folder of classes', 'a file')
  return readdirSync(folder)
    .filter((name) => isFolder(join(folder, name)))
    .sort()
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

async function readHalf(folder: string, classes: readonly string[]): Promise<Pictures> {
  const found = classes.flatMap((name, label) =>
    filesIn(join(folder, name)).map((path) => ({ path, label }))
  )
  if (found.length === 0) throw refused(folder, 'pictures', 'none')
  const pixels = new Uint8Array(found.length * PICTURE)
  const limit = limitOf(AT_ONCE)
  await Promise.all(
    found.map(({ path }, row) => limit(async () => pixels.set(await planesOf(path), row * PICTURE)))
  )
  return { pixels, labels: Uint16Array.from(found, ({ label }) => label) }
}

/** The files of a folder, if it is there, by name; hidden ones are left out. */
function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .map((name) => join(folder, name))
    .filter((path) => !isFolder(path))
    .sort()
}

/** RGB planes [3, 32, 32] of a picture of any size: its middle, the short side scaled to 32. */
async function planesOf(path: string): Promise<Uint8Array> {
  const bytes = await readPhoto(path)
  const format = decodedFormatOf(bytes, path)
  const { rgb, pixelWidth, pixelHeight } = await decodeWithSharp(
    { bytes, format, shortSide: SIDE, thumbnail: false, subject: path },
    new AbortController().signal
  )
  if (Math.min(pixelWidth, pixelHeight) < SIDE)
    throw refused(path, `${SIDE} pixels a side or more`, `${pixelWidth} x ${pixelHeight}`)
  const [left, top] = [(pixelWidth - SIDE) >> 1, (pixelHeight - SIDE) >> 1]
  const planes = new Uint8Array(PICTURE)
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++)
      for (let channel = 0; channel < 3; channel++)
        planes[channel * PIXELS + y * SIDE + x] =
          rgb[((top + y) * pixelWidth + left + x) * 3 + channel]!
  return planes
}

function refused(subject: string, expected: string, received: string | number): Fault {
  return new Fault({ kind: 'bad-argument', subject, expected, received: `${received}` })
}
