// What can be done while duplicates are reviewed. Runs in the page.
import { page } from './command-row.ts'
import type { Command } from './command-row.ts'
import type { ReviewGroup } from './duplicate-marks.svelte.ts'
import type { Kindred } from './kindred.svelte.ts'

const inReview = ({ screen, isCovered, review }: Kindred): boolean =>
  screen === 'duplicates' && !isCovered && review.group !== undefined
const ofFound = (kindred: Kindred): boolean =>
  inReview(kindred) && kindred.review.kind !== 'decided'

/** A command for the group that is looked at. */
function ofGroup(
  row: Pick<Command, 'id' | 'name' | 'keys'> & Partial<Command>,
  run: (kindred: Kindred, group: ReviewGroup) => unknown
): Command {
  return page({
    group: 'Duplicates',
    applies: ofFound,
    ...row,
    run: (kindred) => kindred.review.group && run(kindred, kindred.review.group)
  })
}

export const DUPLICATE_COMMANDS: readonly Command[] = [
  ofGroup({ id: 'next-group', name: 'Next group', keys: ['ArrowDown'], applies: inReview }, ({
    review
  }) => review.go(1)),
  ofGroup(
    { id: 'previous-group', name: 'Group before', keys: ['ArrowUp'], applies: inReview },
    ({ review }) => review.go(-1)
  ),
  ofGroup({ id: 'next-copy', name: 'Next photo', keys: ['ArrowRight'], applies: inReview }, ({
    review
  }) => review.goPhoto(1)),
  ofGroup(
    { id: 'previous-copy', name: 'Photo before', keys: ['ArrowLeft'], applies: inReview },
    ({ review }) => review.goPhoto(-1)
  ),
  ofGroup({ id: 'keep-this', name: 'Keep this one', keys: ['k', 'Enter'] }, ({ review }, group) =>
    review.marks.toggle(group, review.photo)
  ),
  ofGroup({ id: 'keep-suggestion', name: 'Keep the suggested one', keys: ['s'] }, ({ review }, group) =>
    review.keepSuggestion(group)
  ),
  ofGroup(
    { id: 'throw-others', name: 'Throw the others away', keys: ['Delete'] },
    (kindred, group) => kindred.throwOthers(group)
  ),
  ofGroup(
    { id: 'throw-marked', name: 'Throw away all that is not kept', keys: ['Shift+Delete'] },
    (kindred) => kindred.throwMarked()
  ),
  ofGroup({ id: 'compare', name: 'Compare two', keys: ['v'], applies: inReview }, ({ review }) => {
    review.isComparing = true
  }),
  ofGroup({ id: 'not-duplicates', name: 'Not duplicates', keys: ['n'] }, (kindred, group) =>
    kindred.decideAgainst(group)
  ),
  page({
    id: 'take-back-decision',
    name: 'Undo “Not duplicates”',
    group: 'Duplicates',
    keys: ['Ctrl+z'],
    applies: ({ screen, review }) => screen === 'duplicates' && review.canTakeBack,
    run: (kindred) => kindred.try(kindred.review.takeBack())
  })
]
