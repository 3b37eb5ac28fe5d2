// Memory of an app that runs: of all its processes, pages that several share counted once.
import { readFileSync, readdirSync } from 'node:fs'
import type { ElectronApplication } from 'playwright-core'

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

/** A process and all that came of it. */
function familyOf(root: number): number[] {
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

function proportional(pid: number): number | undefined {
  const size = /^Pss:\s+(\d+) kB/m.exec(textOf(pid, 'smaps_rollup') ?? '')?.[1]
  return size === undefined ? undefined : Number(size) / 1024
}

/** What Chromium started it as. */
function typeOf(pid: number): string {
  return /--type=([\w-]+)/.exec(textOf(pid, 'cmdline') ?? '')?.[1] ?? 'another'
}

/** Undefined where the process has ended since. */
function textOf(pid: number | string, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}
