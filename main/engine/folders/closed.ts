// Directories of a folder that cannot be listed: which are left alone until their time comes, and
// what is kept of them. Runs in the writer; decision.ts says how long is waited.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { FolderRow } from '../../catalogue/folder-table.ts'
import { Fault } from '../../wire/fault.ts'
import type { FaultRecord } from '../../wire/fault.ts'
import { systemFault } from '../../wire/system-fault.ts'
import { SPACING, decide } from '../faults/decision.ts'
import type { Spacings } from '../faults/decision.ts'

export interface ClosedDirectories {
  /** The directories that were closed when it was made. */
  readonly all: readonly string[]
  /** It could not be listed, and its time has not come. */
  waits(directory: string): boolean
  /** What came of listing it, or that it is gone: a fault, or none. What became another. */
  heard(directory: string, fault: FaultRecord | undefined): 'closed' | 'opened' | 'same'
}

/** Those of a folder, as they are known. */
export function closedDirectories(
  { closed }: Catalogue,
  { id }: FolderRow,
  now: () => number,
  spacing: Spacings = SPACING
): ClosedDirectories {
  const rows = new Map(closed.ofFolder(id).map((row) => [row.directory, row]))
  return {
    all: [...rows.keys()],
    waits: (directory) => (rows.get(directory)?.retryAt ?? 0) > now(),
    heard(directory, fault) {
      const known = rows.get(directory)
      if (fault) {
        const { after } = decide(fault, { attempts: (known?.attempts ?? 0) + 1 }, spacing)
        closed.put(id, directory, fault, now() + after)
        return known ? 'same' : 'closed'
      }
      if (!known) return 'same'
      rows.delete(directory)
      closed.drop(id, directory)
      return 'opened'
    }
  }
}

/**
 * Why something could not be listed, as a fault of its folder; undefined where nothing is there.
 * Throws any other error. `subject`: the folder, as it is told.
 */
export function listingFault(error: unknown, subject: string): FaultRecord | undefined {
  const fault = systemFault(error, 'folder', subject, 'a folder that can be listed')
  if (!(fault instanceof Fault)) throw error
  return fault.kind === 'not-found' ? undefined : fault.record
}
