// What the bench of a large library is made of: a simulated library, and a folder of real files.
import { spawnSync } from 'node:child_process'
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import * as v from 'valibot'
import { ROOT } from '../../support/electron.ts'

const FILES_A_FOLDER = 500
const SIMULATE = 'tests/bench/simulate.bench.ts'

/**
 * Makes a library of so many photos, by the checkout that is to open it; one that is there is
 * taken.
 */
export function makeLibrary(library: string, photos: number, checkout = ROOT): void {
  if (existsSync(join(library, 'kindred.sqlite'))) {
    const status = run(checkout, ['main/cli/kindred.ts', 'status', '--library', library, '--json'])
    const kept = v.parse(v.object({ photos: v.number() }), JSON.parse(status)).photos
    if (kept !== photos) throw new Error(`${library}: expected ${photos} photos, got ${kept}`)
    return
  }
  mkdirSync(library, { recursive: true })
  // Before it moved to the benches it was a command.
  const hasBench = existsSync(join(checkout, SIMULATE))
  const script = hasBench ? [SIMULATE] : ['main/cli/kindred.ts', 'simulate']
  run(checkout, [...script, '--photos', String(photos), '--library', library])
}

function run(checkout: string, script: readonly string[]): string {
  const ran = spawnSync(process.execPath, ['--import', 'tsx', ...script], {
    cwd: checkout,
    encoding: 'utf8'
  })
  if (ran.status !== 0) throw new Error(ran.stderr)
  return ran.stdout
}

/**
 * Copies of real photos, in folders of 500. Each has some bytes more at its end, which no decoder
 * looks at: none is a twin of another, and each is decoded.
 */
export function makeFiles(folder: string, count: number, from: string): void {
  const photos = readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.jpe?g$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
  if (photos.length === 0) throw new Error(`${from}: expected JPEG photos, got none`)
  for (let place = 0; place < count; place++) {
    const into = join(folder, String(Math.floor(place / FILES_A_FOLDER)))
    if (place % FILES_A_FOLDER === 0) mkdirSync(into, { recursive: true })
    const photo = photos[place % photos.length]!
    const path = join(into, `${place}${extname(photo)}`)
    copyFileSync(photo, path)
    appendFileSync(path, `kindred ${path}`)
  }
}
