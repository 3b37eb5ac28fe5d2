// Runs jobs side by side, each a command in a process of its own, and tells what came of each.
// Set-up, plain Node without dependencies.
import { spawn } from 'node:child_process'
import { ROOT, isForShell } from './machine.mjs'

// No job is meant to come near this: it turns a hang into a failure that is named.
const HANG_MILLISECONDS = 20 * 60_000

const HAS_GROUPS = process.platform !== 'win32'

/** Runs a command and resolves with what it printed, how it ended and how long that took. */
function capture([command, ...args], env) {
  return new Promise((resolve, reject) => {
    const began = Date.now()
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: HAS_GROUPS, // a group of its own, so that a hanging one ends with all it started
      shell: isForShell(command)
    })
    const output = []
    const end = () => (HAS_GROUPS ? process.kill(-child.pid, 'SIGKILL') : child.kill())
    const timer = setTimeout(() => {
      output.push(`\nended: it ran for longer than ${HANG_MILLISECONDS / 60_000} minutes\n`)
      end()
    }, HANG_MILLISECONDS)
    process.once('exit', end)
    child.stdout.on('data', (bytes) => output.push(bytes))
    child.stderr.on('data', (bytes) => output.push(bytes))
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      process.off('exit', end)
      const text = output.map(String).join('')
      resolve({ passed: code === 0, text, seconds: (Date.now() - began) / 1000 })
    })
  })
}

const SUMMARY = /^ℹ (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) (\d+)/

/** The numbers at the end of a test file's report. */
function countsIn(text) {
  const counts = { pass: 0, fail: 0, skipped: 0 }
  for (const line of text.split('\n')) {
    const [, name, number] = SUMMARY.exec(line) ?? []
    if (name in counts) counts[name] = Number(number)
  }
  return counts
}

/** Of a report that passed: what its tests measured, and what was skipped and why. */
function remarksIn(text) {
  return text
    .split('\n')
    .filter((line) => (/^\s*ℹ /.test(line) && !SUMMARY.test(line)) || /^\s*﹣ /.test(line))
    .map((line) => `          ${line.trim()}\n`)
    .join('')
}

function tell({ job, passed, seconds, text }, isWhole) {
  const time = `${seconds.toFixed(1)} s`.padStart(8)
  console.log(`${passed ? 'passed' : 'FAILED'} ${time}  ${job.name}`)
  process.stdout.write(passed && !isWhole ? remarksIn(text) : `${text}\n`)
}

/**
 * Runs jobs, `lanes` at once, in their order; of those with `screen` one at a time, in the first
 * lane, which does the others when there are no more.
 * @param jobs `[{ name, tier, files, runtime, command, env, screen }]`.
 * @returns what came of each, with its job: `[{ job, passed, seconds, pass, fail, skipped }]`.
 */
export async function runJobs(jobs, lanes) {
  const onScreen = jobs.filter(({ screen }) => screen)
  const others = jobs.filter(({ screen }) => !screen)
  const isOnly = jobs.length === 1 // its whole report is of interest
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))
  const results = []
  async function work(mayUseScreen) {
    for (;;) {
      const job = (mayUseScreen ? onScreen.shift() : undefined) ?? others.shift()
      if (!job) return
      const result = { job, ...(await capture(job.command, job.env)) }
      tell(result, isOnly)
      results.push({ ...result, ...countsIn(result.text) })
    }
  }
  await Promise.all(Array.from({ length: lanes }, (_, lane) => work(lane === 0)))
  return results
}
