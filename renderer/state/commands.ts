// All that can be done, in one table: its name, its keys, when it applies and what it does. The
// menu of a photo, the palette, the keys and the sheet of shortcuts are made from it, so nothing is
// in one of them only. Runs in the page.
import { ALBUM_COMMANDS } from './album-commands.ts'
import type { Command } from './command-row.ts'
import { COMPARE_COMMANDS } from './large/compare-commands.ts'
import { DUPLICATE_COMMANDS } from './duplicate-commands.ts'
import { pressed } from './keys.ts'
import type { KeyPress } from './keys.ts'
import type { Kindred } from './kindred.svelte.ts'
import { MAP_COMMANDS } from './map/map-commands.ts'
import { PAGE_COMMANDS } from './page-commands.ts'
import { photoCommands } from './photo-commands.ts'
import type { Target } from './target.ts'
import { ZOOM_COMMANDS } from './large/zoom-commands.ts'

export const COMMANDS: readonly Command[] = [
  ...DUPLICATE_COMMANDS,
  ...photoCommands(navigator.userAgent),
  ...ALBUM_COMMANDS, // before the one that takes back what was done with files
  ...COMPARE_COMMANDS,
  ...ZOOM_COMMANDS, // before those that go to another photo with the same keys
  ...PAGE_COMMANDS,
  ...MAP_COMMANDS // after the one that clears a selection with the same key
]

/** The command that keys stand for here: of several that apply the first. */
export function commandOf(
  event: KeyPress,
  kindred: Kindred,
  target: Target
): Command | undefined {
  let placed: Command | undefined
  for (const command of COMMANDS)
    for (const keys of command.keys) {
      const how = pressed(keys, event)
      if (!how || (how === 'placed' && placed) || !command.applies(kindred, target)) continue
      if (how === 'written') return command
      placed = command
    }
  return placed
}

/** Keys that move about in lists: those do it themselves. For the sheet of shortcuts. */
export const MOVING_KEYS: readonly { name: string; keys: string }[] = [
  { name: 'Move among photos, kin or those compared', keys: '← ↑ ↓ →' },
  { name: 'Select from here to there', keys: 'Shift ← ↑ ↓ →' },
  { name: 'Move about in one of those compared', keys: 'Ctrl Shift ← ↑ ↓ →' },
  { name: 'Zoom or drag one of those compared', keys: 'Shift and the pointer' },
  { name: 'A page, or to the ends', keys: 'PageUp PageDown Home End' }
]
