// Long work in parts, so that whatever else its thread has to do goes in between. Pure.

/** Lets others work. It is called after each part, of some milliseconds. */
export type GiveWay = () => Promise<void>

/** Everything that waits by now is done before the next part: events, timers, answers. */
export const giveWayOnce: GiveWay = () => new Promise((resolve) => setImmediate(resolve))

/** `work(from, to)` for parts of 0 .. n - 1, each of at most `most`, with a breath after each. */
export async function inParts(
  n: number,
  most: number,
  giveWay: GiveWay,
  work: (from: number, to: number) => void
): Promise<void> {
  for (let from = 0; from < n; from += most) {
    work(from, Math.min(n, from + most))
    await giveWay()
  }
}
