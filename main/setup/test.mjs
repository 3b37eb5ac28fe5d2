// `npm test [-- tier or file...]`: prepares the machine, runs the tests and tells in a table what ran
// on what. Plain Node without dependencies. A file, or a room of short ones, is one run of node's
// own test runner.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { ensureBuild, ensureCommandLine } from './build.mjs'
import { ensureDebian, ensurePackaging, faultyFoldersLack } from './debian.mjs'
import { ROOT, runScript } from './machine.mjs'
import { ensureModules } from './modules.mjs'
import { mountingPrefix } from './mounts.mjs'
import { ensureNode24 } from './node24.mjs'
import { ensurePython } from './python.mjs'
import { ensureRuntime } from './runtime.mjs'
import { runJobs } from './test-jobs.mjs'
import { NODE_20, PACKAGING, TIERS, jobsOf, leftOf, planOf, tierOf } from './test-plan.mjs'
import {
  chromiumRemark,
  faultyFoldersRemark,
  mayMount,
  node20Remark,
  node24Remark,
  notRun,
  reasonLines,
  tableLines
} from './test-table.mjs'

const MOST_LANES = 4
// Other systems have no such screen: windows open on theirs.
const WITH_SCREEN =
  process.platform === 'linux' ? ['xvfb-run', '-a', '-s', '-screen 0 1600x1000x24'] : []
const SLOWEST = 10 // files that are named at the end

const ABOUT_TIERS = Object.entries(TIERS).map(([tier, { about }]) => [tier, about])
const HELP = `npm test                    everything: types, build, and all tiers
npm test -- <tier>...       only these tiers
npm test -- <file>...       only these test files, tests/<tier>/...

tiers:
${[...ABOUT_TIERS, [NODE_20, 'files of system, disks and unit once more, on a Node 20']]
  .map(([tier, about]) => `  ${tier.padEnd(10)}${about}`)
  .join('\n')}`

function heading(text) {
  console.log(`\n=== ${text} ===`)
}

/** What the tiers run on: `{ node, node24, electron, chromium, python }`, each if it is needed. */
async function prepare(plan) {
  heading('set-up')
  await ensureModules()
  const node = { name: `Node ${process.versions.node}`, executable: process.execPath }
  const found = await ensureNode24()
  const node24 = found && { name: `Node ${found.version}`, executable: found.executable }
  const isNeeded = (what) => plan.some(({ file }) => TIERS[tierOf(file)][what])
  if (isNeeded('app') || isNeeded('mounts')) await ensureDebian({ forTests: true })
  // Not within the test: only one program at a time can install something.
  if (plan.some(({ file }) => file === PACKAGING.file)) await ensurePackaging(PACKAGING.targets)
  const mounting = isNeeded('mounts') ? mountingPrefix() : []
  const python = isNeeded('python') ? await ensurePython() : undefined
  await ensureCommandLine()
  if (!isNeeded('app')) return { node, node24, mounting, python }
  const { folder } = await ensureRuntime()
  await ensureBuild()
  const version = readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '')
  const told = spawnSync('chromium', ['--version'], { encoding: 'utf8' }).stdout ?? ''
  return {
    node,
    node24,
    mounting,
    python,
    electron: { name: `Electron ${version}`, folder },
    chromium: { name: /Chromium [\d.]+/.exec(told)?.[0] ?? 'no Chromium' }
  }
}

// A Node that runs TypeScript by itself would say of each file how it found out its kind.
const BY_ITSELF = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON']
// One that does not has it compiled as it is required: this starts no thread, as `--import` would.
const BY_TSX = ['--require=tsx/cjs']
// Where a Node that can (from 22.1 on) keeps what it made of sources, for the files that come next.
const COMPILED = join(ROOT, 'node_modules/.cache/node')

// Tells which file is being run where there are several: one that hangs has a name then.
const BESIDE = join(ROOT, 'main/setup/file-reporter.mjs')

function optionsFor(files) {
  if (files.length === 1) return ['--test-reporter=spec']
  const both = ['spec', BESIDE].map((reporter) => `--test-reporter=${reporter}`)
  const to = ['stdout', 'stderr'].map((stream) => `--test-reporter-destination=${stream}`)
  return ['--test', '--test-isolation=none', ...both, ...to]
}

function jobOf({ tier, files, name }, runtimes) {
  const { node, node24, electron, chromium } = runtimes
  const runner = tier === NODE_20 || !node24 ? node : node24
  const isOwn = runner === node && !process.features.typescript
  const runtime = { e2e: electron, chromium }[tier] ?? runner
  const options = [...(isOwn ? BY_TSX : BY_ITSELF), ...optionsFor(files)]
  const own = [runner.executable, ...options, ...files]
  const { screen = false, mounts = false } = TIERS[tierOf(files[0])]
  return {
    name: `${name} (${runtime.name})`,
    tier,
    files: files.length,
    runtime: runtime.name,
    screen,
    // A display of its own: windows of tests never appear on, or depend on, the person's screen.
    command: [...(screen ? WITH_SCREEN : []), ...(mounts ? runtimes.mounting : []), ...own],
    env: {
      NODE_COMPILE_CACHE: COMPILED,
      ...(electron && { ELECTRON_OVERRIDE_DIST_PATH: electron.folder }),
      ...(runtimes.python && pythonEnvironment(runtimes.python))
    }
  }
}

/** Where tests find their Python, or why there is none. */
function pythonEnvironment({ executable = '', missing = '' }) {
  return { KINDRED_PYTHON: executable, KINDRED_NO_PYTHON: missing }
}

const TYPES = {
  name: 'types: svelte-check',
  tier: 'types',
  files: 1,
  runtime: 'TypeScript',
  screen: false,
  command: ['npm', 'run', '--silent', 'check']
}

function minutes(seconds) {
  return `${Math.floor(seconds / 60)} min ${String(Math.round(seconds % 60)).padStart(2, '0')} s`
}

async function test(args) {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(HELP)
    return 0
  }
  const began = Date.now()
  const runtimes = await prepare(planOf(args))
  const hasNode24 = runtimes.node24 !== undefined
  const isNode20 = process.versions.node.startsWith('20.')
  const plan = planOf(args, hasNode24)
  const left = leftOf(plan, isNode20, hasNode24)
  const planned = plan.filter((each) => !left.includes(each))
  const jobs = jobsOf(planned, hasNode24).map((each) => jobOf(each, runtimes))
  if (args.length === 0) jobs.unshift(TYPES)
  const lanes = Math.min(MOST_LANES, availableParallelism())
  heading(`${jobs.length} jobs, ${lanes} at once`)
  const results = await runJobs(jobs, lanes)

  const failed = results.filter(({ passed }) => !passed)
  heading('result')
  const slowest = [...results].sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST)
  for (const { job, seconds } of slowest)
    console.log(`${seconds.toFixed(0).padStart(6)} s  ${job.name}`)
  console.log('')
  for (const line of tableLines(results, left)) console.log(line)
  const remarks = [
    !hasNode24 && node24Remark(runtimes.node.name),
    !isNode20 && node20Remark(left, runtimes.node.name),
    plan.some(({ tier }) => tier === 'chromium') && chromiumRemark(runtimes.chromium.name),
    plan.some(({ tier }) => tier === 'disks') && faultyFoldersRemark(faultyFoldersLack())
  ].filter(Boolean)
  for (const { isFailure, text } of remarks) if (!isFailure) console.log(`NOTE    ${text}`)
  const missed = [
    ...notRun(results, args, mayMount() ? ['disks'] : []),
    ...remarks.filter(({ isFailure }) => isFailure).map(({ text }) => text)
  ]
  for (const why of missed) console.log(`FAILED  ${why}`)
  for (const { job, text } of failed)
    for (const line of [`FAILED  ${job.name}`, ...reasonLines(text)]) console.log(line)
  console.log(`${minutes((Date.now() - began) / 1000)}, set-up included`)
  return failed.length + missed.length === 0 ? 0 : 1
}

await runScript(test)
