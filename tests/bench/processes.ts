// Processes that run, by what Linux tells of them: who came of whom, memory, processor time.
import { readFileSync, readdirSync } from 'node:fs'

/** Ticks of a second in which Linux counts processor time, as on all its platforms. */
const TICKS = 100

/** A process and all that came of it. */
export function familyOf(root: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    // The name of the program stands in brackets and may hold anything.
    const parent = Number(/^.*\) \S (\d+)/s.exec(textOf(name, 'stat') ?? '')?.[1])
    children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const family = [root]
  for (const pid of family) family.push(...(children.get(pid) ?? []))
  return family
}

/** Its memory in MB, pages that several share counted in part; undefined where it has ended. */
export function proportional(pid: number): number | undefined {
  const size = /^Pss:\s+(\d+) kB/m.exec(textOf(pid, 'smaps_rollup') ?? '')?.[1]
  return size === undefined ? undefined : Number(size) / 1024
}

/** Seconds of processor time that it took so far; undefined where it has ended. */
export function processorSeconds(pid: number): number | undefined {
  const stat = textOf(pid, 'stat')
  if (stat === undefined) return undefined
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}

/** A file of /proc; undefined where the process has ended since. */
export function textOf(pid: number | string, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}
