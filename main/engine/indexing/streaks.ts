// Faults in a row: when many photos meet the same fault and none in between went well, the cause is
// not in the photos. Runs in the writer; remembered only while it runs. Pure.
import type { FaultKind, FaultRecord } from '../../wire/fault.ts'

export interface Streaks {
  /** A photo of the folder met a fault; how many did in a row. */
  failed(folder: number, fault: FaultRecord): number
  /** A photo of the folder was read. */
  worked(folder: number): void
}

/** Counts by folder; errors of ours are the same in all of them. */
export function createStreaks(): Streaks {
  const streaks = new Map<number | 'all', { kind: FaultKind; length: number }>()

  return {
    failed(folder, { kind }) {
      const scope = kind === 'internal' ? 'all' : folder
      const before = streaks.get(scope)
      const length = before?.kind === kind ? before.length + 1 : 1
      streaks.set(scope, { kind, length })
      return length
    },
    worked(folder) {
      streaks.delete(folder)
      streaks.delete('all')
    }
  }
}
