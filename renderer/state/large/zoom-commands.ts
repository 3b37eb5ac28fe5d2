// What can be done with a photo that is looked at large, or with several. Runs in the page.
import { page } from '../command-row.ts'
import type { Command } from '../command-row.ts'
import type { Kindred } from '../kindred.svelte.ts'
import type { Target } from '../target.ts'
import type { Zoom } from './zoom.svelte.ts'

/** What moves. */
const zoomOf = ({ compare, zoom }: Kindred): Zoom => compare.zoom ?? zoom

const canZoom = (kindred: Kindred, { where }: Target): boolean =>
  (where === 'viewer' || where === 'compare') && zoomOf(kindred).scene !== undefined

const isZoomed = (kindred: Kindred, target: Target): boolean =>
  canZoom(kindred, target) && zoomOf(kindred).isZoomed

const doing = (what: (zoom: Zoom) => void) => (kindred: Kindred) => what(zoomOf(kindred))

const SIDES = [
  ['left', 'ArrowLeft', -1, 0],
  ['right', 'ArrowRight', 1, 0],
  ['up', 'ArrowUp', 0, -1],
  ['down', 'ArrowDown', 0, 1]
] as const

export const ZOOM_COMMANDS: readonly Command[] = [
  page({
    id: 'zoom-in',
    name: 'Zoom in',
    keys: ['+', '='],
    applies: canZoom,
    run: doing((zoom) => zoom.in())
  }),
  page({
    id: 'zoom-out',
    name: 'Zoom out',
    keys: ['-'],
    applies: canZoom,
    run: doing((zoom) => zoom.out())
  }),
  page({
    id: 'zoom-toggle',
    name: 'Pixels of the photo, or all of it',
    keys: ['z'],
    applies: canZoom,
    run: doing((zoom) => zoom.toggle())
  }),
  page({
    id: 'zoom-fit',
    name: 'All of the photo',
    keys: ['Alt+0'],
    applies: canZoom,
    run: doing((zoom) => zoom.fit())
  }),
  page({
    id: 'zoom-pixels',
    name: 'Pixels of the photo, 1:1',
    keys: ['Alt+1'],
    applies: canZoom,
    run: doing((zoom) => zoom.pixels())
  }),
  ...SIDES.map(([side, key, across, down]) =>
    page({
      id: `look-${side}`,
      name: `Move ${side} in the photo`,
      keys: [key, `Ctrl+${key}`], // compared, the first moves among the photos
      applies: isZoomed,
      run: doing((zoom) => zoom.look(across, down))
    })
  )
]
