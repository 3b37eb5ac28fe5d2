// What can be done with albums. Runs in the page.
import { page } from './command-row.ts'
import type { Command } from './command-row.ts'

export const ALBUM_COMMANDS: readonly Command[] = [
  page({
    id: 'albums',
    name: 'Albums',
    group: 'Go',
    keys: ['a'],
    icon: 'album',
    run: ({ overlay }, target) => overlay.open('albums', target)
  }),
  page({
    id: 'keep-album',
    name: 'Keep what is shown as an album',
    group: 'Go',
    keys: ['Shift+a'],
    icon: 'album',
    applies: ({ albums, compare }, { where }) =>
      albums.canKeep && !compare.isOpen && where !== 'duplicates',
    run: ({ overlay }, target) => overlay.open('keep-album', target)
  }),
  page({
    id: 'take-back-album',
    name: 'Undo “Remove the album”',
    keys: ['Ctrl+z'],
    icon: 'again',
    applies: ({ albums }, { where }) => albums.canTakeBack && where !== 'duplicates',
    run: (kindred) => kindred.putAlbumBack()
  })
]
