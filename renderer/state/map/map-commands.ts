// What can be done with the map. Runs in the page.
import { page } from '../command-row.ts'
import type { Command } from '../command-row.ts'
import type { Kindred } from '../kindred.svelte.ts'

const onMap = ({ screen, isCovered, map }: Kindred): boolean =>
  screen === 'map' && !isCovered && map.points.ids.length > 0
/** How much nearer a key brings. */
const STEP = 1.6

export const MAP_COMMANDS: readonly Command[] = [
  page({
    id: 'map-nearer',
    name: 'Nearer',
    keys: ['+', '='],
    icon: 'add',
    applies: onMap,
    run: ({ camera }) => camera.zoom(STEP)
  }),
  page({
    id: 'map-farther',
    name: 'Farther',
    keys: ['-'],
    icon: 'less',
    applies: onMap,
    run: ({ camera }) => camera.zoom(1 / STEP)
  }),
  page({
    id: 'map-lasso-end',
    name: 'Draw around photos no more',
    group: 'Selection',
    keys: ['Escape'],
    applies: (kindred) => onMap(kindred) && kindred.map.isLassoing,
    run: ({ map }) => (map.isLassoing = false)
  }),
  page({
    id: 'map-whole',
    name: 'The whole map',
    keys: ['Alt+0', 'Escape'], // as for a large photo; 0 takes stars away
    icon: 'large',
    applies: onMap,
    run: ({ camera }) => camera.showAll()
  }),
  page({
    id: 'map-lasso',
    name: 'Select by drawing around photos',
    group: 'Selection',
    keys: ['l'],
    icon: 'region',
    applies: onMap,
    run: ({ map }) => (map.isLassoing = !map.isLassoing)
  })
]
