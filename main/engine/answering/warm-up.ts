// The first questions are slower than later ones: statements are read, the scan and the order
// compiled by use. So a few are asked before anybody does. Runs in the reader.
import { setImmediate as breath, setTimeout as sleep } from 'node:timers/promises'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Search } from './search.ts'

/** Questions that are asked: some 10 ms each, less and less. */
const QUESTIONS = 12
/** As many kin as a click asks for. */
const TOP = 100
/** The page asks for its first pictures before, ms. */
const AFTER = 1500

/** Asks for the kin of some photos and forgets them; a while from now, with pauses. */
export async function warmUp(
  catalogue: Catalogue,
  search: Search,
  signal: AbortSignal,
  after = AFTER
): Promise<number> {
  await sleep(after, undefined, { signal })
  // Without a model it would read all features, which a click may never need.
  if (search.serving()) search.calibration()
  let asked = 0
  for (const { id } of catalogue.photos.paths(0, QUESTIONS)) {
    const vectors = search.serving() && search.vectorsOf(id)
    if (!vectors) continue
    const { ids } = search.find([{ vectors, weight: 1 }], { top: TOP, except: [id] })
    catalogue.photos.shownKin([...ids])
    asked++
    await breath(undefined, { signal })
  }
  return asked
}
