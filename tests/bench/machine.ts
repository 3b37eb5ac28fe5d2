// What a bench ran on, to be printed beside its numbers. Plain Node.
import { cpus, loadavg, totalmem } from 'node:os'

export interface Machine {
  cpu: string
  cores: number
  memoryGigabytes: number
  platform: string
  node: string
  /** Mean number of running processes in the last minute, before the bench began. */
  load: number
}

/** Describes this machine. Call it before anything is timed: it reads the load. */
export function describeMachine(): Machine {
  const found = cpus()
  return {
    cpu: found[0]?.model.trim() ?? 'unknown',
    cores: found.length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10
  }
}
