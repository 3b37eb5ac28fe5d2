// A library of many photos in real Electron: start, clicks, filters, scrolling, memory; or busy.
// `npm run bench -- library` makes the library first (bench simulate) and brings its own display.
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from '../support/electron.ts'
import { browse } from './library/browse.ts'
import { beforehand, busy, filesBeside } from './library/busy.ts'
import { makeFiles, makeLibrary } from './library/make.ts'
import { describeMachine } from './machine.ts'

const HELP = `npm run bench -- library [options]
  --photos 100000    photos of the library
  --keep <folder>    where the library is kept for the next time, and taken from if it is there
  --clicks 40        photos that are clicked, all over the library; 100 of each state if busy
  --filters 20       years that the grid is narrowed to, one after the other, at most
  --json             {photos, firstThumbnails, clickToResults, filter, worstFrame, memoryMegabytes}
Times in ms; memory in MB of all processes: idle for 10 s after the start, after use, 75 s later.

  --busy             instead: clicks, and pictures after a jump, while nothing goes on, while a
                     folder of real files is scanned and indexed, and while learning runs
  --files 20000      real files of that folder: copies of ../shared/photos, each changed a little
  --pace 1000        ms from one click to the next, as somebody does who looks at what they find;
                     0: without a stop, in which the work steps aside for half of the time at most
  --against <folder> the same of another checkout, which was built (npm run build), in turns
  --turns 1          how often`

const { values: options } = parseArgs({
  options: {
    photos: { type: 'string', default: '100000' },
    keep: { type: 'string' },
    clicks: { type: 'string' },
    filters: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
    busy: { type: 'boolean', default: false },
    files: { type: 'string', default: '20000' },
    pace: { type: 'string', default: '1000' },
    against: { type: 'string' },
    turns: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false }
  }
})

const LIBRARY = 'config/Kindred/library'
const PHOTOS = resolve(ROOT, '../shared/photos')

// Last registered, first run: an app is closed before its folder goes.
const cleanUps: (() => unknown)[] = []
const t = { after: (cleanUp: () => unknown) => void cleanUps.unshift(cleanUp) }

async function main(): Promise<void> {
  if (options.help) return console.log(HELP)
  const machine = describeMachine()
  const photos = Number(options.photos)
  const home = resolve(options.keep ?? mkdtempSync(join(tmpdir(), 'kindred-bench-')))
  if (!options.keep) t.after(() => rmSync(home, { recursive: true, force: true, maxRetries: 20 }))
  if (!options.json) console.log(JSON.stringify(machine))
  try {
    if (options.busy) return await allBusy(home, photos)
    makeLibrary(join(home, LIBRARY), photos)
    const counts = { clicks: Number(options.clicks ?? 40), filters: Number(options.filters) }
    tell({ photos, ...(await browse(t, home, counts)) })
  } finally {
    for (const cleanUp of cleanUps) await cleanUp()
  }
}

/** Each build in turns, each time on a new copy of its library. */
async function allBusy(home: string, photos: number): Promise<void> {
  const against = options.against && resolve(options.against)
  const builds = [['this', ROOT] as const, ...(against ? [['against', against] as const] : [])]
  for (const [name, root] of builds) {
    if (root !== ROOT && !existsSync(join(root, 'out/main/app.js')))
      throw new Error(`${root}: expected a build in out/, got none: run npm run build there`)
    makeLibrary(join(home, name, LIBRARY), photos, root)
  }
  for (let turn = 0; turn < Number(options.turns); turn++)
    for (const [name, root] of builds) {
      const place = join(home, 'turn')
      const own = join(place, 'home')
      rmSync(place, { recursive: true, force: true }) // of a run that was cut short
      mkdirSync(own, { recursive: true })
      try {
        cpSync(join(home, name, 'config'), join(own, 'config'), { recursive: true })
        const files = filesBeside(own)
        const count = Number(options.files)
        makeFiles(files.first, beforehand(count), PHOTOS)
        makeFiles(files.rest, count - beforehand(count), PHOTOS)
        const clicks = Number(options.clicks ?? 100)
        const pace = Number(options.pace)
        tell({ build: name, ...(await busy(t, { root, home: own, files, clicks, pace })) })
      } finally {
        rmSync(place, { recursive: true, force: true, maxRetries: 20 })
      }
    }
}

function tell(figures: object): void {
  if (options.json) return console.log(JSON.stringify(figures))
  for (const [name, value] of Object.entries(figures))
    console.log(`${name.padEnd(18)}${JSON.stringify(value)}`)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
