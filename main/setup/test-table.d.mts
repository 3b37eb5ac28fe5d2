// Types of test-table.mjs.

interface Result {
  job: { tier: string; runtime: string }
  passed: boolean
  pass: number
  fail: number
  skipped: number
  seconds: number
}

interface Planned {
  tier: string
  file: string
}

/** True where this process has the right to mount disks. */
export function mayMount(status?: string): boolean

/** The lines of the table. */
export function tableLines(results: readonly Result[], left: readonly Planned[]): string[]

/** Why tiers count as failed of which not one test ran. */
export function notRun(
  results: readonly Result[],
  left: readonly Planned[],
  asked: readonly string[],
  expected: readonly string[]
): string[]
