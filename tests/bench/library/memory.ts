// Memory of an app that runs: of all its processes, pages that several share counted once.
import { readFileSync } from 'node:fs'
import type { ElectronApplication } from 'playwright-core'

export interface ProcessMemory {
  name: string
  megabytes: number
}

/** Of each process: on Linux its proportional set size, elsewhere the working set, in MB. */
export async function memoryOf(app: ElectronApplication): Promise<ProcessMemory[]> {
  const metrics = await app.evaluate(({ app: electron }) =>
    electron.getAppMetrics().map(({ pid, type, name, memory }) => ({
      pid,
      name: name ?? type,
      megabytes: memory.workingSetSize / 1024
    }))
  )
  return metrics.map(({ pid, name, megabytes }) => ({
    name,
    megabytes: process.platform === 'linux' ? proportional(pid) : megabytes
  }))
}

function proportional(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? Number.NaN) / 1024
}
