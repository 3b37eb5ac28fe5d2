// How low the priority of each thread of a process is, on Linux. Test code only.
import { readFileSync, readdirSync } from 'node:fs'

/** The nice value of each thread; the first is the main thread's. */
export function nicenessOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')
    // The name stands in brackets and may hold anything.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])
  })
}
