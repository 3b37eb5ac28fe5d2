// What can be done with photos and their files. Runs in the page.
import { file, ofOne, page, photo } from './command-row.ts'
import type { Command } from './command-row.ts'
import type { Kindred } from './kindred.svelte.ts'
import { askedPhoto } from './put-away.svelte.ts'
import { MOST_PARTS, kinOfAll } from './question.ts'
import type { Target } from './target.ts'

/** While duplicates are reviewed, another command throws away what is not kept of them. */
const outsideReview = (_: Kindred, { ids, where }: Target): boolean =>
  ids.length > 0 && where !== 'duplicates'
const ofPhotosKin = ({ viewer }: Kindred, { where }: Target): boolean =>
  where === 'kin' && askedPhoto(viewer.question) !== undefined
const ofKin = (_: Kindred, { where }: Target): boolean => where === 'kin'

/** The commands for photos. @param userAgent of the page: programs are known on Linux only */
export function photoCommands(userAgent: string): readonly Command[] {
  const isKnown = userAgent.includes('Linux')
  return COMMANDS.filter(({ id }) => isKnown || id !== 'open-with')
}

const COMMANDS: readonly Command[] = [
  photo({
    id: 'kin',
    name: 'Show its kin',
    keys: ['Enter', ' '],
    applies: (_, { focused, where }) =>
      focused > 0 && (where === 'grid' || where === 'kin' || where === 'compare'),
    run: ({ compare, viewer }, { focused }) => {
      compare.close()
      if (viewer.isOpen) viewer.follow(focused)
      else viewer.open(focused)
    }
  }),
  photo({
    id: 'kin-of-all',
    name: 'Find kin of all of them',
    keys: ['k'],
    applies: (_, { ids }) => ids.length > 1 && ids.length <= MOST_PARTS,
    run: ({ viewer }, { ids }) => viewer.ask(kinOfAll(ids.map((id) => ({ kind: 'photo', id }))))
  }),
  photo({
    id: 'more-like',
    name: 'More like this',
    keys: ['+', '='],
    icon: 'add',
    applies: ofKin,
    run: (kindred, { focused }) => kindred.addToQuestion(focused, 1)
  }),
  photo({
    id: 'less-like',
    name: 'Less like this',
    keys: ['-'],
    icon: 'less',
    applies: ofKin,
    run: (kindred, { focused }) => kindred.addToQuestion(focused, -1)
  }),
  photo({
    id: 'not-like',
    name: 'Not like this one',
    keys: ['n'],
    icon: 'hidden',
    applies: ofPhotosKin,
    run: (kindred, { focused }) => kindred.putKinAway(focused)
  }),
  page({
    id: 'take-back-kin',
    name: 'Undo “Not like this one”',
    keys: ['Ctrl+z'],
    icon: 'again',
    applies: ({ putAway }, { where }) => putAway.canTakeBack && where !== 'duplicates',
    run: (kindred) => kindred.try(kindred.putAway.takeBackLast())
  }),
  photo({
    id: 'part',
    name: 'Find kin of a part of it',
    keys: ['r'],
    icon: 'region',
    applies: ({ viewer }, { where }) => where === 'viewer' && viewer.isOne,
    run: ({ viewer }) => (viewer.isChoosing = !viewer.isChoosing)
  }),
  photo({
    id: 'favourite',
    name: 'Favourite',
    keys: ['f'],
    icon: 'heart',
    run: (kindred, { ids }) => kindred.toggleFavourite(ids)
  }),
  ...[0, 1, 2, 3, 4, 5].map((rating) =>
    photo({
      id: `rate-${rating}`,
      name: rating === 0 ? 'No rating' : `Rate ${'★'.repeat(rating)}`,
      group: 'Rating',
      keys: [String(rating)],
      icon: 'star',
      run: (kindred, { ids }) => kindred.rate(ids, rating)
    })
  ),
  file({
    id: 'show',
    name: 'Show in file manager',
    keys: ['e'],
    icon: 'folder',
    applies: ofOne,
    run: ({ files }, target) => files.act('show', target)
  }),
  file({
    id: 'open',
    name: 'Open',
    keys: ['o'],
    run: ({ files }, target) => files.act('open', target)
  }),
  file({
    id: 'open-with',
    name: 'Open with…',
    keys: ['Shift+o'],
    run: ({ files }, target) => files.act('open-with', target)
  }),
  file({
    id: 'copy-picture',
    name: 'Copy picture',
    keys: ['Ctrl+c'],
    icon: 'picture',
    applies: ofOne,
    run: ({ files }, { ids }) => files.copyPicture(ids[0] ?? 0)
  }),
  file({
    id: 'copy-path',
    name: 'Copy path',
    keys: ['Ctrl+Shift+c'],
    run: ({ files }, target) => files.act('copy-path', target)
  }),
  file({
    id: 'move',
    name: 'Move to…',
    keys: ['m'],
    run: ({ files }, target) => files.act('move', target)
  }),
  file({
    id: 'copy',
    name: 'Copy to…',
    keys: ['c'],
    run: ({ files }, target) => files.act('copy', target)
  }),
  file({
    id: 'trash',
    name: 'Move to trash',
    keys: ['Delete'],
    icon: 'trash',
    applies: outsideReview,
    run: ({ files }, target) => files.act('trash', target)
  })
]
