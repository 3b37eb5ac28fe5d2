// Which test files run on what: tiers, their runtimes, and the jobs that arguments ask for. Set-up,
// plain Node without dependencies.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { ROOT, SetupError } from './machine.mjs'

/**
 * The folders below tests/, those first whose files take longest, so that short ones fill the end.
 * `about`: what they test. `app`: needs the built app, a runtime for it and the packages of tests.
 * `screen`: opens Electron, so it needs a display; of these one file runs at a time. `mounts`:
 * mounts disks of its own. `python`: runs programs on a Python of the cache.
 */
export const TIERS = {
  e2e: { about: 'the app in Electron, as a person uses it', app: true, screen: true },
  accuracy: { about: 'how well learning and search do on known photos' },
  system: { about: 'real processes, catalogues and files, without a window' },
  disks: { about: 'disks that are full or give errors', mounts: true },
  engines: { about: 'exports, read and searched by other programs', python: true },
  chromium: { about: 'decoder and page in the Chromium of the system', app: true },
  golden: { about: 'numbers that PyTorch, Pillow and ONNX gave', app: true },
  property: { about: 'what holds for any input, on random ones' },
  unit: { about: 'single files, in the folders of their rooms', app: true },
  style: { about: 'how the sources look, and who imports whom' }
}

/**
 * The tier whose files belong to others. All tests run on a Node 24, which the Electron that people
 * get embeds; these once more on the oldest Node that the command line promises, the one that runs
 * npm on most machines: of compute, engine and wire those that meet what differs between Nodes
 * (native modules, threads, files, streams, tensors, errors of the system, which Node names), and
 * where several meet the same, one. What is decided from there on is the same on every Node. The
 * engine is tested on a Node 20 by e2e, too: the one of Electron 33. `system/cli/omit-dev` is not
 * here, as npm starts the command line on its own Node there, whatever runs the test.
 */
export const NODE_20 = 'node20'
const ON_NODE_20 = [
  'tests/system/bench/device.test.ts',
  'tests/system/compute/process.test.ts',
  'tests/system/compute/uncaught.test.ts',
  'tests/system/cli/endings.test.ts',
  'tests/system/engine/index.test.ts',
  'tests/system/engine/reader-writer.test.ts',
  'tests/system/engine/watch.test.ts',
  'tests/disks/faulty-folder.test.ts',
  'tests/unit/catalogue/database.test.ts',
  'tests/unit/runtime',
  'tests/unit/wire'
]

/** On no other: it packs the Node that it runs in, and a Node 24 is larger than the pack may be. */
const ON_NODE_20_ALONE = ['tests/system/bench/device.test.ts']

/**
 * Rooms whose files take less than starting a process for each: they run one after the other in one
 * process, unless they are named. They leave nothing behind, and none hangs by its nature.
 */
const IN_ONE_PROCESS = ['app', 'engine', 'renderer', 'wire'].map((room) => `tests/unit/${room}/`)

/** The files of tests that make packages, and what they make: its programs are installed before. */
export const PACKAGING = {
  file: 'tests/e2e/package.test.ts',
  targets: ['AppImage', 'deb', 'rpm', 'tar.gz']
}

function isTestFile(path) {
  return path.endsWith('.test.ts')
}

function testFilesBelow(path) {
  if (isTestFile(path)) return existsSync(join(ROOT, path)) ? [path] : []
  if (!statSync(join(ROOT, path), { throwIfNoEntry: false })?.isDirectory()) return []
  return readdirSync(join(ROOT, path), { withFileTypes: true })
    .flatMap((entry) => {
      const child = join(path, entry.name)
      if (entry.isDirectory()) return testFilesBelow(child)
      return isTestFile(child) ? [child] : []
    })
    .sort()
}

function filesOf(arg) {
  if (arg === NODE_20) return ON_NODE_20.flatMap(testFilesBelow)
  const path = relative(ROOT, resolve(ROOT, arg in TIERS ? join('tests', arg) : arg))
  const [folder, tier] = path.split('/')
  if (folder !== 'tests' || !(tier in TIERS)) {
    const tiers = [...Object.keys(TIERS), NODE_20].join(', ')
    throw new SetupError(
      `${arg} is no tier and no test file; tiers are ${tiers}, and files lie in tests/<tier>`
    )
  }
  const files = testFilesBelow(path)
  if (files.length === 0) throw new SetupError(`there are no tests at ${path}`)
  return files
}

/** The tier of a test file. */
export function tierOf(file) {
  return file.split('/')[1]
}

/**
 * What the arguments ask for: `[{ tier, file, isNamed }]`, long ones first; all where there are
 * none. A file of the tier node20 is there twice if its own tier is asked for, too. One is named
 * if it, or node20, was asked for, and not only the tier of its folder.
 * @param hasNode24 where there is none, no file moves to node20 for being too large on a Node 24
 * @throws {SetupError} an argument that names no test.
 */
export function planOf(args, hasNode24 = true) {
  const wanted = args.length > 0 ? args : [...Object.keys(TIERS), NODE_20]
  const plan = new Map()
  for (const arg of wanted)
    for (const file of filesOf(arg)) {
      const isMoved = hasNode24 && ON_NODE_20_ALONE.includes(file)
      const tier = arg === NODE_20 || isMoved ? NODE_20 : tierOf(file)
      const key = `${tier} ${file}`
      const isNamed = plan.get(key)?.isNamed || (args.length > 0 && !(arg in TIERS))
      plan.set(key, { tier, file, isNamed })
    }
  const order = ['e2e', 'accuracy', 'system', NODE_20, ...Object.keys(TIERS)]
  return [...plan.values()].sort((a, b) => order.indexOf(a.tier) - order.indexOf(b.tier))
}

/**
 * Those of a plan that have nothing to run on: of node20, where npm's Node is none; and where it
 * is, but tests run on it anyway, those that nobody named.
 */
export function leftOf(plan, isNode20, hasNode24) {
  return plan.filter(
    ({ tier, isNamed }) => tier === NODE_20 && !(isNode20 && (hasNode24 || isNamed))
  )
}

/**
 * A plan as jobs: `[{ tier, files, name }]`, in its order, most of one file.
 * @param canShare whether the Node of the tests can run several files in one process
 */
export function jobsOf(plan, canShare) {
  const jobs = new Map()
  for (const { tier, file, isNamed } of plan) {
    const isAlone = !canShare || isNamed || tier === NODE_20
    const room = isAlone ? undefined : IN_ONE_PROCESS.find((path) => file.startsWith(path))
    const key = `${tier} ${room ?? file}`
    const job = jobs.get(key) ?? { tier, files: [], name: room ?? file }
    job.files.push(file)
    jobs.set(key, job)
  }
  return [...jobs.values()]
}
