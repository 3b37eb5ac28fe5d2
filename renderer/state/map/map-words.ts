// Words about the map. Pure; runs in the page.
import type { MapReason } from '../../../main/wire/map-messages.ts'

/** Why all photos lie elsewhere now. */
export const MAP_REASON_WORDS: Readonly<Record<MapReason, string>> = {
  first: 'The map was made.',
  learned: 'The map was made anew after learning.',
  grown: 'The map was made anew, with the photos that came.'
}
