// Who comes second: what works in the background gives way to the page and to those who answer it.
// Runs in app, for the decoder's process; compute and the writer's thread lower their own.
import { readdirSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'

/**
 * Gives a process of ours a lower priority than others have. On Linux each thread has its own,
 * which those that it starts later inherit; elsewhere it is that of the process.
 */
export function comeSecond(pid: number): void {
  for (const id of threadsOf(pid))
    try {
      setPriority(id, Math.max(getPriority(id), constants.priority.PRIORITY_BELOW_NORMAL))
    } catch {
      // It has ended meanwhile.
    }
}

function threadsOf(pid: number): number[] {
  if (process.platform !== 'linux') return [pid]
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number)
  } catch {
    return [] // the process has ended
  }
}
