// Which test files run on what: tiers, their runtimes, and the jobs that arguments ask for. Set-up,
// plain Node without dependencies.
import { readdirSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { ROOT, SetupError } from './machine.mjs'

/**
 * The folders below tests/, those first whose files take longest, so that short ones fill the end.
 * `app`: needs the built app, a runtime for it and the packages of tests. `screen`: opens Electron,
 * so it needs a display; of these one file runs at a time. `mounts`: mounts disks of its own.
 */
export const TIERS = {
  e2e: { app: true, screen: true },
  accuracy: {},
  system: {},
  disks: { mounts: true },
  chromium: { app: true },
  golden: { app: true },
  property: {},
  unit: { app: true },
  style: {}
}

/**
 * The tier whose files belong to others: what runs on a second Node, too, the one that the Electron
 * that people get embeds. Of the tests of engine, compute and wire those that meet what differs
 * between Nodes: native modules, threads, files, streams, tensors. Kills are left out: they last,
 * and what they meet is the catalogue.
 */
export const NODE_24 = 'node24'
const ON_NODE_24 = [
  'tests/system/compute',
  'tests/system/engine',
  'tests/unit/runtime',
  'tests/unit/wire'
]
const NOT_ON_NODE_24 = /kill\.test\.ts$/

function testFilesBelow(path) {
  if (!statSync(join(ROOT, path), { throwIfNoEntry: false })?.isDirectory()) return []
  return readdirSync(join(ROOT, path), { withFileTypes: true })
    .flatMap((entry) => {
      const child = join(path, entry.name)
      if (entry.isDirectory()) return testFilesBelow(child)
      return entry.name.endsWith('.test.ts') ? [child] : []
    })
    .sort()
}

function filesOf(arg) {
  if (arg === NODE_24)
    return ON_NODE_24.flatMap(testFilesBelow).filter((file) => !NOT_ON_NODE_24.test(file))
  const path = relative(ROOT, resolve(ROOT, arg in TIERS ? join('tests', arg) : arg))
  const [folder, tier] = path.split('/')
  if (folder !== 'tests' || !(tier in TIERS)) {
    const tiers = [...Object.keys(TIERS), NODE_24].join(', ')
    throw new SetupError(`${arg} is neither a tier (${tiers}) nor in one`)
  }
  return path.endsWith('.test.ts') ? [path] : testFilesBelow(path)
}

/** The tier of a test file. */
export function tierOf(file) {
  return file.split('/')[1]
}

/**
 * What the arguments ask for: `[{ tier, file }]`, long ones first; everything where there are none.
 * A file of the tier node24 is there twice if its own tier is asked for, too.
 * @throws {SetupError} an argument that names no test.
 */
export function planOf(args) {
  const wanted = args.length > 0 ? args : [...Object.keys(TIERS), NODE_24]
  const plan = new Map()
  for (const arg of wanted)
    for (const file of filesOf(arg)) {
      const tier = arg === NODE_24 ? NODE_24 : tierOf(file)
      plan.set(`${tier} ${file}`, { tier, file })
    }
  const order = ['e2e', 'accuracy', 'system', NODE_24, ...Object.keys(TIERS)]
  return [...plan.values()].sort((a, b) => order.indexOf(a.tier) - order.indexOf(b.tier))
}
