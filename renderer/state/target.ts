// What a command is for: photos that are pointed at, focused or selected. Pure; runs in the page.

export interface Target {
  /** The photos, in their order; none where nothing is meant. */
  ids: number[]
  /** The one that is focused or pointed at; 0 for none. */
  focused: number
  where: 'grid' | 'viewer' | 'kin' | 'compare' | 'duplicates' | 'elsewhere'
}

/** No photo is meant. */
export const NO_TARGET: Target = { ids: [], focused: 0, where: 'elsewhere' }
