// `npm test [-- tier or file...]`: prepares the machine and runs the tests, tier by tier.
// Plain Node without dependencies. Each tier is one run of node's own test runner.
import { readdirSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { ensureBuild } from './build.mjs'
import { ensureDebian } from './debian.mjs'
import { ROOT, SetupError, run, runScript } from './machine.mjs'
import { ensureModules } from './modules.mjs'
import { ensureRuntime } from './runtime.mjs'

// In the order they run. `screen`: opens Electron, so it needs a runtime, a build and a display.
// `files`: how many test files at once; one where a file fills the machine by itself.
const TIERS = {
  unit: { files: 2 },
  golden: { files: 2 },
  property: { files: 2 },
  style: { files: 2 },
  accuracy: { files: 1 },
  system: { files: 1, screen: true },
  chromium: { files: 1, screen: true },
  e2e: { files: 1, screen: true }
}
const SCREEN = '-screen 0 1600x1000x24'
// No test is meant to come near this: it turns a hang into a failure that is named.
const HANG_MILLISECONDS = 20 * 60_000

const HELP = `npm test                    everything: types, build, and the tiers ${Object.keys(TIERS).join(', ')}
npm test -- <tier>...       only these tiers
npm test -- <file>...       only these test files`

function heading(text) {
  console.log(`\n=== ${text} ===`)
}

function testFilesBelow(folder) {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return testFilesBelow(path)
    return entry.name.endsWith('.test.ts') ? [relative(ROOT, path)] : []
  })
}

/** What the arguments ask for, by tier: `[[tier, [file...]]...]` in the order of TIERS. */
function planOf(args) {
  const plan = new Map(Object.keys(TIERS).map((tier) => [tier, []]))
  for (const arg of args.length > 0 ? args : Object.keys(TIERS)) {
    const path = relative(ROOT, resolve(ROOT, plan.has(arg) ? join('tests', arg) : arg))
    const files = path.endsWith('.test.ts') ? [path] : testFilesBelow(join(ROOT, path))
    const tier = path.split('/')[1]
    if (!path.startsWith('tests/') || !plan.has(tier))
      throw new SetupError(`${arg} is neither a tier (${Object.keys(TIERS).join(', ')}) nor in one`)
    plan.get(tier).push(...files.sort())
  }
  return [...plan].filter(([, files]) => files.length > 0)
}

async function checkTypes() {
  heading('types: tsc, svelte-check')
  return (await run('npm', ['run', '--silent', 'check'])) === 0
}

async function runTier(tier, files, env) {
  heading(`${tier}: ${files.length} test files`)
  const node = [
    process.execPath,
    '--import=tsx',
    '--test',
    '--test-reporter=spec',
    `--test-concurrency=${TIERS[tier].files}`,
    `--test-timeout=${HANG_MILLISECONDS}`,
    ...files
  ]
  // A display of its own: windows of tests never appear on, or depend on, the person's screen.
  const [command, ...args] = TIERS[tier].screen ? ['xvfb-run', '-a', '-s', SCREEN, ...node] : node
  return (await run(command, args, { env })) === 0
}

async function test(args) {
  if (args.includes('--help')) {
    console.log(HELP)
    return 0
  }
  const plan = planOf(args)
  const whole = args.length === 0
  const needsScreen = plan.some(([tier]) => TIERS[tier].screen)
  heading('set-up')
  await ensureModules()
  const env = {}
  if (needsScreen) {
    await ensureDebian({ forTests: true })
    env.ELECTRON_OVERRIDE_DIST_PATH = (await ensureRuntime()).folder
  }
  const results = []
  if (whole) results.push(['types', await checkTypes()])
  if (needsScreen) {
    heading('build')
    await ensureBuild()
  }
  for (const [tier, files] of plan) results.push([tier, await runTier(tier, files, env)])
  heading('result')
  for (const [name, passed] of results) console.log(`${passed ? 'passed' : 'FAILED'}  ${name}`)
  return results.every(([, passed]) => passed) ? 0 : 1
}

await runScript(test)
