// Near-identical pictures: how many changed ones are known again, and what folding costs a click.
// Photos of the shared folder are changed in eight ways, in a temporary folder; each pair of a
// photo and a changed one is to be found. Then 40 copies and 20 re-saves of one photo among 60
// others.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import * as v from 'valibot'
import { kindred } from '../support/kindred.ts'
import { VARIANTS, plainPicture } from '../support/variants.ts'
import { connectCatalogue } from '../../main/catalogue/catalogue.ts'
import { areNearIdentical, printOf } from '../../model/retrieval.ts'
import { describeMachine } from './machine.ts'

const { values } = parseArgs({
  options: {
    photos: { type: 'string', default: '500' },
    from: {
      type: 'string',
      default: fileURLToPath(new URL('../../../shared/photos/objects', import.meta.url))
    },
    help: { type: 'boolean' }
  }
})
if (values.help) {
  console.log('--photos <n> (500), --from <folder> (../shared/photos/objects)')
  process.exit()
}

/** Contents that each fingerprint is timed with, as many as indexing compares it with. */
const COMPARED_WITH = 24

const Answer = v.object({
  kin: v.array(v.object({ path: v.string(), alike: v.optional(v.array(v.string()), []) }))
})

/** `count` photos below a folder, spread over all of it. */
async function spreadPhotos(folder: string, count: number): Promise<string[]> {
  const all = (await readdir(folder, { recursive: true }))
    .filter((name) => /\.(jpe?g|png)$/i.test(name))
    .sort()
  const step = all.length / Math.min(count, all.length)
  return Array.from({ length: Math.min(count, all.length) }, (_, i) => {
    return join(folder, all[Math.floor(i * step)]!)
  })
}

async function run(...args: string[]): Promise<string> {
  const ran = await kindred(...args)
  if (ran.code !== 0) throw new Error(`kindred ${args.join(' ')} ended with ${ran.code}: ${ran.stderr}`)
  return ran.stdout
}

/** Photo `i` and its variants lie in folder `i`: pairs across folders are wrong. */
async function variants(home: string, photos: readonly string[]): Promise<void> {
  for (const [place, file] of photos.entries()) {
    const folder = join(home, 'photos', String(place))
    mkdirSync(folder, { recursive: true })
    const { picture, size } = await plainPicture(file)
    copyFileSync(file, join(folder, `original-${basename(file)}`))
    for (const [name, change] of Object.entries(VARIANTS))
      writeFileSync(join(folder, `${name}.jpg`), await change(picture, size))
  }
  const library = join(home, 'library')
  await run('index', join(home, 'photos'), '--library', library)
  const catalogue = connectCatalogue(library, 'read')
  const of = new Map<number, { folder: string; name: string }>()
  for (const { id, root, directory, name } of catalogue.photos.paths(0, 1e9)) {
    const held = catalogue.contents.heldBy([id]).get(id)
    if (held) of.set(held.content, { folder: join(root, directory), name })
  }
  const found = new Map(Object.keys(VARIANTS).map((name) => [`${name}.jpg`, 0]))
  let [right, wrong] = [0, 0]
  const pairs = [...catalogue.fingerprints.pairsOf([...of.keys()])].flatMap(([one, others]) =>
    [...others].filter((other) => one < other).map((other) => [one, other] as const)
  )
  for (const [one, other] of pairs) {
    const [a, b] = [of.get(one), of.get(other)]
    if (!a || !b) continue
    if (a.folder === b.folder) right++
    else {
      wrong++
      console.log(`  taken for the same: ${a.folder}/${a.name}, ${b.folder}/${b.name}`)
    }
    const isOriginal = [a, b].map(({ name }) => name.startsWith('original-'))
    if (a.folder !== b.folder || isOriginal[0] === isOriginal[1]) continue
    const name = isOriginal[0] ? b.name : a.name
    found.set(name, (found.get(name) ?? 0) + 1)
  }
  const stored = [...catalogue.fingerprints.stored([...of.keys()])]
  catalogue.close()
  console.log(timeComparing(stored.map(({ fingerprint }) => fingerprint)))
  const n = photos.length
  for (const [name, count] of found)
    console.log(`  ${name.replace('.jpg', '').padEnd(10)} recall ${(count / n).toFixed(3)}`)
  const all = [...found.values()].reduce((sum, count) => sum + count, 0)
  console.log(
    `near-identical, ${n} photos and their variants: recall ${(all / n / found.size).toFixed(4)}, ` +
      `precision ${(right / (right + wrong)).toFixed(4)} (${right} pairs right, ${wrong} wrong)`
  )
}

/** How long comparing two fingerprints takes, each with those of the next few contents. */
function timeComparing(fingerprints: readonly Uint8Array[]): string {
  const prints = fingerprints.map(printOf)
  const began = performance.now()
  let pairs = 0
  for (const [at, one] of prints.entries())
    for (const other of prints.slice(at + 1, at + 1 + COMPARED_WITH)) {
      areNearIdentical(one, other)
      pairs++
    }
  const each = ((performance.now() - began) * 1000) / pairs
  return `comparing ${pairs} pairs of fingerprints: ${each.toFixed(0)} us each`
}

/** 40 byte copies and 20 re-saves of one photo among 60 others. */
async function copies(home: string, photos: readonly string[]): Promise<void> {
  const [first = '', ...others] = photos
  const folder = join(home, 'few')
  for (let i = 0; i < 40; i++) {
    mkdirSync(join(folder, `copy${i}`), { recursive: true })
    copyFileSync(first, join(folder, `copy${i}`, 'a.jpg'))
  }
  mkdirSync(join(folder, 'saved'))
  for (let i = 0; i < 20; i++)
    await sharp(first).jpeg({ quality: 50 + 2 * i }).toFile(join(folder, 'saved', `${i}.jpg`))
  mkdirSync(join(folder, 'others'))
  others.slice(0, 60).forEach((file, i) => copyFileSync(file, join(folder, 'others', `${i}.jpg`)))
  const library = join(home, 'few-library')
  await run('index', folder, '--library', library)
  const json = await run(
    ...['similar', join(folder, 'copy0', 'a.jpg'), '--top', '100', '--library', library, '--json']
  )
  const { kin } = v.parse(Answer, JSON.parse(json))
  const isOther = ({ path, alike }: (typeof kin)[number]): boolean =>
    [path, ...alike].every((each) => each.includes('/others/'))
  console.log(
    `40 copies and 20 re-saves of a photo among 60 others: ` +
      `${kin.slice(0, 61).filter(isOther).length} other pictures in the first 61 kin`
  )
}

async function main(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'kindred-duplicates-'))
  try {
    console.log(JSON.stringify(describeMachine()))
    const photos = await spreadPhotos(values.from, Number(values.photos))
    await copies(home, await spreadPhotos(values.from, 61))
    await variants(home, photos)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

void main()
