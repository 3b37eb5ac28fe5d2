// Keeps what of a folder's directories is left out. Runs in the writer.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { FolderRow } from '../../catalogue/folder-table.ts'
import type { LeftOutRow } from '../../catalogue/left-out-table.ts'
import type { LeftOut, LeftOutKind } from '../../wire/left-out.ts'

export interface LeftOuts {
  /** Directories of which something was left out when they were looked at last. */
  directories(): string[]
  /** What a look at a directory left out, or nothing: it is gone. True when that is news. */
  heard(directory: string, found: readonly LeftOut[]): boolean
}

/** Those of a folder, as they are known. */
export function leftOutsOf({ leftOut }: Catalogue, { id }: FolderRow): LeftOuts {
  const known = new Map<string, Map<LeftOutKind, LeftOutRow>>()
  for (const row of leftOut.ofFolder(id)) {
    const kinds = known.get(row.directory) ?? new Map<LeftOutKind, LeftOutRow>()
    known.set(row.directory, kinds.set(row.kind, row))
  }
  return {
    directories: () => [...known.keys()],
    heard(directory, found) {
      const before = known.get(directory)
      if (!before && found.length === 0) return false
      const now = new Map(found.map((some) => [some.kind, { directory, ...some }]))
      let isNews = false
      for (const kind of before?.keys() ?? [])
        if (!now.has(kind)) {
          leftOut.drop(id, directory, kind)
          isNews = true
        }
      for (const [kind, row] of now) {
        const same = before?.get(kind)
        if (same?.count === row.count && same.first === row.first) continue
        leftOut.put(id, row)
        isNews = true
      }
      if (now.size === 0) known.delete(directory)
      else known.set(directory, now)
      return isNews
    }
  }
}
