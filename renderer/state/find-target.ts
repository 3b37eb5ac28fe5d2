// Finds what a command is for, from the element that is pointed at or focused. Runs in the page.
import type { Kindred } from './kindred.svelte.ts'
import { NO_TARGET } from './target.ts'
import type { Target } from './target.ts'

/**
 * The photos that an element stands for: one of those that are compared; one of the kin; the
 * large photo; one of duplicates; in the grid the selection that it is a part of, or else its own.
 * @param isPointedAt it was pressed, so that it counts more than a selection elsewhere
 */
export function targetOf(
  kindred: Kindred,
  element: Element | null,
  isPointedAt: boolean
): Target {
  const { compare, grid, review, screen, selection, viewer } = kindred
  const tile = element?.closest<HTMLElement>('[data-photo-id]')
  const id = Number(tile?.dataset['photoId'] ?? 0) || 0
  if (compare.isOpen) {
    const meant = compare.ids.includes(id) ? id : compare.focused
    return { ids: [meant], focused: meant, where: 'compare' }
  }
  if (viewer.isOpen) {
    const isKin = !!tile?.closest('[data-testid="kin"]')
    const shown = isKin ? id : (viewer.id ?? 0)
    return { ids: shown > 0 ? [shown] : [], focused: shown, where: isKin ? 'kin' : 'viewer' }
  }
  if (screen === 'duplicates') {
    const meant = id || review.photo
    return meant > 0 ? { ids: [meant], focused: meant, where: 'duplicates' } : NO_TARGET
  }
  if (screen !== 'photos' && screen !== 'map') return NO_TARGET
  const inField = element?.closest('[data-testid="grid"], [data-testid="map-field"]')
  const isCluster = tile?.dataset['cluster'] !== undefined
  const meant = isCluster ? 0 : id || (screen === 'photos' ? grid.focused : 0)
  const focused = inField ? meant : 0
  const takesSelection = selection.size > 0 && (!isPointedAt || selection.has(focused))
  const ids = takesSelection ? selection.list() : focused > 0 ? [focused] : []
  return { ids, focused, where: 'grid' }
}
