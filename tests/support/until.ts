// Waiting until something is so, for as long as that takes: a slow machine fails no test. Test code
// only.
import { setTimeout as sleep } from 'node:timers/promises'

/** After so long it is said what is being waited for, ms: a hang has a name then. */
const LONG = 10_000

/** Resolves when it is so; looks every few milliseconds. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const notice = setTimeout(() => console.error(`still waiting: ${what}`), LONG)
  while (!isSo()) await sleep(5)
  clearTimeout(notice)
}
