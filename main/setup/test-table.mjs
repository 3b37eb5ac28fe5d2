// The closing table of `npm test`: a line for each tier and what it ran on, and which tiers did not
// run although this machine is one that runs them. Set-up, plain Node without dependencies.
import { readFileSync } from 'node:fs'

/** Bit of the right to mount in Linux's capabilities: capability.h, CAP_SYS_ADMIN. */
const MAY_MOUNT = 21n

/** True where this process has the right to mount disks, as the system tells it. */
export function mayMount(status = '/proc/self/status') {
  try {
    const [, rights] = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync(status, 'utf8')) ?? []
    return rights !== undefined && ((BigInt(`0x${rights}`) >> MAY_MOUNT) & 1n) === 1n
  } catch {
    return false // another system
  }
}

function sum(results, name) {
  return results.reduce((total, result) => total + Number(result[name]), 0)
}

/** Results by tier and runtime. */
function groupsOf(results) {
  const groups = new Map()
  for (const result of results) {
    const key = `${result.job.tier}|${result.job.runtime}`
    groups.set(key, [...(groups.get(key) ?? []), result])
  }
  return groups
}

/** Not one of its tests ran: all were skipped. */
function isSkipped(group) {
  return sum(group, 'skipped') > 0 && sum(group, 'pass') + sum(group, 'fail') === 0
}

function wordFor(group) {
  if (!group.every(({ passed }) => passed)) return 'FAILED'
  return isSkipped(group) ? 'SKIPPED' : 'passed'
}

/**
 * The lines of the table.
 * @param results as `runJobs` gives them
 * @param left as `leftOf` gives them
 */
export function tableLines(results, left) {
  const rows = [['', 'tier', 'on', 'files', 'passed', 'failed', 'skipped', 'seconds']]
  for (const [key, group] of groupsOf(results)) {
    const seconds = Math.round(sum(group, 'seconds'))
    const counts = ['pass', 'fail', 'skipped'].map((name) => sum(group, name))
    const files = group.reduce((total, { job }) => total + job.files, 0)
    rows.push([wordFor(group), ...key.split('|'), files, ...counts, seconds])
  }
  for (const tier of new Set(left.map((each) => each.tier))) {
    const files = left.filter((each) => each.tier === tier).length
    rows.push(['SKIPPED', tier, 'nothing for this machine', files, 0, 0, '-', 0])
  }
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => String(row[at]).length)))
  return rows.map((row) =>
    row
      .map((cell, at) =>
        at < 3 ? String(cell).padEnd(widths[at]) : String(cell).padStart(widths[at])
      )
      .join('  ')
  )
}

const MOST_LINES = 40
// Where an error came from inside Node: it tells nothing of the test.
const INSIDE_NODE = /^\s+at .*\(?node:/

/**
 * Why a file failed, for the end of all, where it is looked for first: the errors of its tests, or
 * the end of what it printed where it had none (it hung, or was killed).
 * @param text the report of node's test runner
 */
export function reasonLines(text) {
  const lines = text.trimEnd().split('\n').filter((line) => !INSIDE_NODE.test(line))
  const at = lines.findIndex((line) => line.startsWith('✖ failing tests:'))
  const reasons = at < 0 ? lines.slice(-MOST_LINES) : lines.slice(at + 1, at + 1 + MOST_LINES)
  return reasons.filter((line) => line.trim() !== '').map((line) => `        ${line}`)
}

/** Chromium's version in the Electron that people get, which package.json pins. */
export const CHROMIUM = 156

/**
 * What is to be said of the Chromium that the tier of its name ran on: `{ isFailure, text }`;
 * undefined where it is the one that people get.
 * @param name 'Chromium 156.0.1', or anything else where there is none
 */
export function chromiumRemark(name) {
  const major = Number(/^Chromium (\d+)\./.exec(name)?.[1] ?? 0)
  if (major === CHROMIUM) return undefined
  const text = `chromium: people get Chromium ${CHROMIUM}, and this was tested on ${name}`
  return { isFailure: major < CHROMIUM, text }
}

/** What is to be said where there is no Node 24: `{ isFailure, text }`. */
export function node24Remark(name) {
  const text = `people get a Node 24, which there is none of for this system: this ran on ${name}`
  return { isFailure: false, text }
}

/** What is to be said of files left, which need a Node 20: `{ isFailure, text }`, or undefined. */
export function node20Remark(left, name) {
  if (left.length === 0) return undefined
  const files = left.length === 1 ? '1 file' : `${left.length} files`
  const text = `node20: ${files} did not run: npm runs on ${name}, and they need a Node 20`
  return { isFailure: left.some(({ isNamed }) => isNamed), text }
}

/**
 * What is to be said of tests with folders that give errors: `{ isFailure, text }`; undefined where
 * they ran.
 * @param lack as `faultyFoldersLack` gives it
 */
export function faultyFoldersRemark(lack) {
  if (!lack) return undefined
  const text = `disks: its tests with folders that give errors did not run: ${lack.why}`
  return { isFailure: lack.isInstallable, text }
}

/**
 * Why tiers count as failed of which not one test ran: they are expected here, or were asked for.
 * @param asked the arguments of `npm test`
 * @param expected tiers that this machine runs
 */
export function notRun(results, asked, expected) {
  const tiers = [...groupsOf(results).values()].filter(isSkipped).map(([{ job }]) => job.tier)
  return [...new Set(tiers)].flatMap((tier) => {
    if (expected.includes(tier)) return [`${tier}: none of its tests ran, though this machine can`]
    return asked.includes(tier) ? [`${tier}: it was asked for, and none of its tests ran`] : []
  })
}
