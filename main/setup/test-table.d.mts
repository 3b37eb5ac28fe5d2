// Types of test-table.mjs.

interface Result {
  job: { tier: string; runtime: string; files: number }
  passed: boolean
  pass: number
  fail: number
  skipped: number
  seconds: number
}

interface Planned {
  tier: string
  file: string
  isNamed: boolean
}

/** True where this process has the right to mount disks. */
export function mayMount(status?: string): boolean

/** The lines of the table. */
export function tableLines(results: readonly Result[], left: readonly Planned[]): string[]

interface Remark {
  isFailure: boolean
  text: string
}

/** Chromium's version in the Electron that people get. */
export const CHROMIUM: number

/** What is to be said of the Chromium that the tier of its name ran on. */
export function chromiumRemark(name: string): Remark | undefined

/** What is to be said of files left, which need a Node 20. */
export function node20Remark(left: readonly Planned[], name: string): Remark | undefined

/** What is to be said of tests with folders that give errors. */
export function faultyFoldersRemark(
  lack: { why: string; isInstallable: boolean } | undefined
): Remark | undefined

/** Why tiers count as failed of which not one test ran. */
export function notRun(
  results: readonly Result[],
  asked: readonly string[],
  expected: readonly string[]
): string[]

/** Why a file failed: the errors in a report of node's test runner, or the end of it. */
export function reasonLines(text: string): string[]
