// What can be done to compare photos. Runs in the page.
import { page, photo } from '../command-row.ts'
import type { Command } from '../command-row.ts'
import { MOST_COMPARED } from './compare.svelte.ts'
import type { Kindred } from '../kindred.svelte.ts'
import type { Target } from '../target.ts'

/** What would be compared: a selection; a photo and one of its kin; all that is asked with. */
function comparable({ viewer }: Kindred, { ids, focused, where }: Target): number[] {
  if (where === 'grid') return ids
  const asked = viewer.question.flatMap(({ source, weight }) =>
    weight > 0 && source.kind !== 'file' ? [source.id] : []
  )
  const all = where === 'kin' ? [...asked, focused] : where === 'viewer' ? asked : []
  return [...new Set(all)]
}

export const COMPARE_COMMANDS: readonly Command[] = [
  photo({
    id: 'compare-photos',
    name: 'Compare side by side',
    group: 'Compare',
    keys: ['v'],
    icon: 'compare',
    applies: (kindred, target) => comparable(kindred, target).length > 1,
    run(kindred, target) {
      const ids = comparable(kindred, target)
      if (ids.length > MOST_COMPARED)
        return kindred.tell(`Up to ${MOST_COMPARED} photos can be compared at once.`)
      kindred.tell('') // of what was too many before
      kindred.compare.open(ids)
    }
  }),
  photo({
    id: 'compare-without',
    name: 'Compare without it',
    group: 'Compare',
    keys: ['x'],
    icon: 'less',
    applies: (_, { where }) => where === 'compare',
    run: ({ compare }, { ids }) => compare.remove(ids)
  }),
  page({
    id: 'compare-close',
    name: 'Compare no more',
    group: 'Compare',
    keys: ['Escape'],
    applies: ({ compare, fullScreen }) => compare.isOpen && !fullScreen.isOn,
    run: ({ compare }) => compare.close()
  })
]
