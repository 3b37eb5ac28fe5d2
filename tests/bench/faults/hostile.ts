// Real files with damage: bytes turned, ends cut off, zeros, pieces of one file within another.
// What compute and engine do with them, by the command line's decoder.
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { createEngine } from '../../../main/engine/engine.ts'
import { seededRandom } from '../../../model/retrieval.ts'
import { superviseCompute } from '../../support/compute.ts'
import { accountOf } from './account.ts'

const PICTURES = /\.(jpe?g|png|webp|gif|avif|heic|tiff?|jxl|psd|bmp|dng|nef|cr2)$/i
const LARGEST = 400_000 // bytes of a file that is changed
const A_FOLDER = 500

export interface Endured {
  files: number
  /** Deaths of compute; each costs a restart. */
  deaths: number
  indexed: number
  /** Told with a reason. */
  failed: number
  /** Neither: they would be asked for for ever. */
  undecided: number
  seconds: number
}

/** Indexes so many damaged files; below `home`, which is empty. */
export async function hostile(
  home: string,
  from: string,
  count: number,
  seed: number
): Promise<Endured> {
  const files = readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && PICTURES.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).size <= LARGEST)
    .sort()
  if (files.length === 0) throw new Error(`${from}: expected photos, got none`)
  const random = seededRandom(seed)
  const any = (): string => files[Math.floor(random() * files.length)]!
  const folder = join(home, 'photos')
  for (let i = 0; i < count; i++) {
    const into = join(folder, String(Math.floor(i / A_FOLDER)))
    if (i % A_FOLDER === 0) mkdirSync(into, { recursive: true })
    const path = any()
    writeFileSync(join(into, `${i}${extname(path)}`), changed(readFileSync(path), any, random))
  }
  const library = join(home, 'library')
  const began = performance.now()
  const engine = await createEngine({ library, watch: false, settle: 0 })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  await engine.addFolder(folder)
  await engine.idle()
  const seconds = (performance.now() - began) / 1000
  const deaths = compute.starts - 1
  await engine.close()
  await compute.stop()
  const { photos, failed } = accountOf(library)
  const indexed = [...photos.values()].filter(({ status }) => status === 'indexed').length
  const undecided = photos.size - indexed - failed
  return { files: count, deaths, indexed, failed, undecided, seconds }
}

/** One to four changes. */
function changed(bytes: Buffer, any: () => string, random: () => number): Buffer {
  let file = Buffer.from(bytes)
  const place = (): number => Math.floor(random() * file.length)
  for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes--) {
    const [from, kind] = [place(), Math.floor(random() * 5)]
    const to = Math.min(file.length, from + Math.floor(random() * 2000))
    if (kind === 0) file[from] = Math.floor(random() * 256)
    if (kind === 1) file = file.subarray(0, Math.max(32, from))
    if (kind === 2) file.fill(0, from, to)
    if (kind === 3) file = Buffer.concat([file.subarray(0, from), file.subarray(to)])
    if (kind === 4) {
      const other = readFileSync(any()).subarray(0, to - from)
      file = Buffer.concat([file.subarray(0, from), other, file.subarray(from)])
    }
    if (file.length < 32) break
  }
  return file
}
