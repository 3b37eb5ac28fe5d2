// Types of test-plan.mjs.

/** By tier, which is a folder below tests/. */
export const TIERS: Readonly<Record<string, { about: string }>>

/** The tier that runs files of others once more, on the oldest Node. */
export const NODE_20: string
