// Timing of engines that take turns, so that whatever else the machine does falls on all alike.
// Plain Node.

/** Milliseconds of one query: by the clock, and of the CPU alone (less when it was preempted). */
export interface Took {
  wall: number
  busy: number
}

/** One engine's answer to a query, by its number. */
export type Engine = (query: number) => Took | Promise<Took>

/** Times a synchronous piece of work of this thread. */
export function took(work: () => void): Took {
  const cpu = process.cpuUsage()
  const start = performance.now()
  work()
  const wall = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  return { wall, busy: (user + system) / 1000 }
}

/** The middle one; the lower middle of an even number. */
export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[(numbers.length - 1) >> 1] ?? Number.NaN
}

/** A line of a table: a name, times by the clock and of the CPU, and what else there is. */
export function timesLine(name: string, { wall, busy }: Took, more = ''): string {
  const cells = [wall.toFixed(3), busy.toFixed(3), more]
  return name.padEnd(28) + cells.map((cell) => cell.padStart(10)).join('')
}

export interface Plan {
  engine: Engine
  /** Queries a turn; an engine that takes long takes fewer. */
  each: number
}

/** Medians of each engine over `rounds` turns; a first turn is not counted. */
export async function inTurns<Name extends string>(
  plans: ReadonlyMap<Name, Plan>,
  rounds: number,
  queries: number
): Promise<Map<Name, Took>> {
  const times = new Map([...plans.keys()].map((name) => [name, [] as Took[]]))
  for (let round = 0; round <= rounds; round++)
    for (const [name, { engine, each }] of plans)
      for (let i = 0; i < each; i++) {
        const time = await engine((round * each + i) % queries)
        if (round > 0) times.get(name)?.push(time)
      }
  return new Map(
    [...times].map(([name, all]) => [
      name,
      { wall: median(all.map(({ wall }) => wall)), busy: median(all.map(({ busy }) => busy)) }
    ])
  )
}
