// How long the rest takes, from how long its kinds of work took so far. Plain Node.

type Work = 'step' | 'evaluation'

export interface Forecast {
  /** Does the work and remembers its time. */
  timed<T>(kind: Work, work: () => Promise<T>): Promise<T>
  /** Seconds for so many of each; undefined while the time of one that is left is not known. */
  secondsLeft(left: Readonly<Record<Work, number>>): number | undefined
}

/** Weight of the last one in the running mean. */
const NEWEST = 0.2

/** A forecast that knows nothing yet. */
export function createForecast(): Forecast {
  const seconds = new Map<Work, number>()
  return {
    async timed(kind, work) {
      const began = performance.now()
      const result = await work()
      const took = (performance.now() - began) / 1000
      const mean = seconds.get(kind) ?? took
      seconds.set(kind, mean + NEWEST * (took - mean))
      return result
    },
    secondsLeft(left) {
      let sum = 0
      for (const [kind, count] of Object.entries(left) as [Work, number][]) {
        const each = seconds.get(kind)
        if (count > 0 && each === undefined && kind === 'step') return undefined
        sum += count * (each ?? 0)
      }
      return sum
    }
  }
}
