// Faults that were tried, and what was lost: kills, damaged files, drives, full disks.
// All real: processes that are killed, files with damage, mounts that go, small disks. Nothing may
// be lost: each figure behind `lost` is to be 0. Mounts need root, or a namespace
// (`unshare --map-root-user --mount npm run bench -- faults`).
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { NO_SMALL_DISK } from '../support/small-disk.ts'
import { fullDisks } from './faults/disks.ts'
import { goneDrives } from './faults/drives.ts'
import { hostile } from './faults/hostile.ts'
import { kills } from './faults/kills.ts'
import { describeMachine } from './machine.ts'

const HELP = `npm run bench -- faults [options]
  --kills 200        in turns while indexing, learning, swapping models, searching, migrating
  --files 10000      real files with damage
  --drives 20        drives that go and come back: a folder's own, below a folder, mounted elsewhere
  --disks 10         disks that fill up while photos are indexed
  --from <folder>    real files that are damaged (../shared)
  --seed 1           of all that is drawn by chance`

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    files: { type: 'string', default: '10000' },
    drives: { type: 'string', default: '20' },
    disks: { type: 'string', default: '10' },
    from: {
      type: 'string',
      default: fileURLToPath(new URL('../../../shared', import.meta.url))
    },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false }
  }
})

const cleanUps: (() => unknown)[] = []
const t = { after: (cleanUp: () => unknown) => void cleanUps.unshift(cleanUp) }

async function main(): Promise<void> {
  if (options.help) return console.log(HELP)
  const home = mkdtempSync(join(tmpdir(), 'kindred-faults-'))
  t.after(() => rmSync(home, { recursive: true, force: true, maxRetries: 20 }))
  const seed = Number(options.seed)
  const under = (name: string): string => {
    mkdirSync(join(home, name))
    return join(home, name)
  }
  tell('machine', describeMachine())
  const counts = {
    kills: Number(options.kills),
    files: Number(options.files),
    drives: Number(options.drives),
    disks: Number(options.disks)
  }
  try {
    if (counts.kills > 0) tell('kills', await kills(under('kills'), counts.kills, seed))
    if (counts.files > 0)
      tell('files', await hostile(under('files'), resolve(options.from), counts.files, seed))
    if (NO_SMALL_DISK !== false) return tell('drives and disks', { notTried: NO_SMALL_DISK })
    if (counts.drives > 0)
      tell('drives', await goneDrives(t, under('drives'), counts.drives, seed))
    if (counts.disks > 0) tell('disks', await fullDisks(t, under('disks'), counts.disks, seed))
  } finally {
    for (const cleanUp of cleanUps) await cleanUp()
  }
}

function tell(what: string, figures: object): void {
  console.log(`${what}: ${JSON.stringify(figures)}`)
}

void main()
