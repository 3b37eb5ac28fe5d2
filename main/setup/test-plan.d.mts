// Types of test-plan.mjs.

/** By tier, which is a folder below tests/. */
export const TIERS: Readonly<Record<string, { about: string }>>

/** The tier that runs files of others once more, on the oldest Node. */
export const NODE_20: string

interface Planned {
  tier: string
  file: string
  isNamed: boolean
}

/** What the arguments of `npm test` ask for. */
export function planOf(args: readonly string[], hasNode24?: boolean): Planned[]

/** Those of a plan that have nothing to run on. */
export function leftOf(
  plan: readonly Planned[],
  isNode20: boolean,
  hasNode24: boolean
): Planned[]

/** A plan as jobs, in its order; most are of one file. */
export function jobsOf(
  plan: readonly Planned[],
  canShare: boolean
): { tier: string; files: string[]; name: string }[]
