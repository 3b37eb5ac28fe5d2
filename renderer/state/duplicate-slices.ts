// Reads groups of duplicates that were found, a part at a time. Runs in the page; it decides
// nothing.
import { MOST_GROUPS } from '../../main/wire/duplicate-messages.ts'
import type { DuplicateGroup } from '../../main/wire/duplicate-messages.ts'
import type { ReviewGroup, ReviewKind } from './duplicate-marks.svelte.ts'
import type { EngineLink } from './engine-link.svelte.ts'

/** What is read: groups of one kind, of which a finding has so many in all. */
interface Asked {
  finding: number
  kind: ReviewKind
  total: number
}

/**
 * Reads groups from the first on: so many as are wanted, and further until those that are sought
 * were read or there are no more. Rejects with a Fault.
 * @param sought keys of groups
 * @returns the groups, without those that are none any more, and how many were read with these
 */
export async function readGroups(
  link: EngineLink,
  { finding, kind, total }: Asked,
  wanted: number,
  sought: ReadonlySet<string>
): Promise<{ groups: ReviewGroup[]; reached: number }> {
  const groups: ReviewGroup[] = []
  const missing = new Set(sought)
  let offset = 0
  while (offset < total && (offset < wanted || missing.size > 0)) {
    const end = offset < wanted ? Math.min(wanted, total) : total
    const count = Math.min(MOST_GROUPS, end - offset)
    const slice = await link.call('duplicateGroups', { finding, kind, offset, count })
    for (const group of slice.groups) {
      if (group.photos.length < 2) continue
      const key = keyOf(kind, group)
      missing.delete(key)
      groups.push({ ...group, kind, key })
    }
    offset += count
  }
  return { groups, reached: offset }
}

function keyOf(kind: ReviewKind, { decision, photos }: DuplicateGroup): string {
  return `${kind} ${decision ?? Math.min(...photos.map(({ id }) => id))}`
}
