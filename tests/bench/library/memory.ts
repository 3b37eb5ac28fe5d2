// Memory of an app that runs: of all its processes, pages that several share counted once.
import type { ElectronApplication } from 'playwright-core'
import { familyOf, proportional, textOf } from '../processes.ts'

export interface ProcessMemory {
  name: string
  megabytes: number
}

/**
 * Of each process, in MB: on Linux the proportional set size of the app and all that came of it,
 * elsewhere the working set of those that Electron tells of (it leaves out its zygotes).
 */
export async function memoryOf(app: ElectronApplication): Promise<ProcessMemory[]> {
  const metrics = await app.evaluate(({ app: electron }) =>
    electron.getAppMetrics().map(({ pid, type, name, memory }) => ({
      pid,
      name: name ?? type,
      megabytes: memory.workingSetSize / 1024
    }))
  )
  if (process.platform !== 'linux')
    return metrics.map(({ name, megabytes }) => ({ name, megabytes }))
  const root = metrics.find(({ name }) => name === 'Browser')?.pid ?? Number.NaN
  const nameOf = new Map(metrics.map(({ pid, name }) => [pid, name]))
  return familyOf(root).flatMap((pid) => {
    const megabytes = proportional(pid)
    return megabytes === undefined ? [] : [{ name: nameOf.get(pid) ?? typeOf(pid), megabytes }]
  })
}

/** What Chromium started it as. */
function typeOf(pid: number): string {
  return /--type=([\w-]+)/.exec(textOf(pid, 'cmdline') ?? '')?.[1] ?? 'another'
}
