// Disks that fill up at some moment of indexing, stay full for a while and get room again.
import { join } from 'node:path'
import { createEngine } from '../../../main/engine/engine.ts'
import { seededRandom } from '../../../model/retrieval.ts'
import { superviseCompute } from '../../support/compute.ts'
import type { Ending } from '../../support/endings.ts'
import { makePhotos } from '../../support/photos.ts'
import { smallDisk } from '../../support/small-disk.ts'
import { SOON, isWell, whenProgress } from '../../support/waiting.ts'
import { NOTHING, accountOf, lostBetween, sumOf } from './account.ts'
import type { Lost } from './account.ts'

const FIRST = 20
const THEN = 120
const ROOM = 128 * 2 ** 20
const MOST_LEFT = 600_000 // bytes: less than what the photos take

export interface Filled {
  tried: number
  /** Disks that did fill up. */
  full: number
  lost: Lost
  failed: number
  /** Libraries with all photos indexed at the end, by themselves. */
  whole: number
}

/** Fills so many disks; below `home`, which is empty. */
export async function fullDisks(
  t: Ending,
  home: string,
  count: number,
  seed: number
): Promise<Filled> {
  const random = seededRandom(seed)
  const filled: Filled = { tried: count, full: 0, lost: NOTHING, failed: 0, whole: 0 }
  for (let i = 0; i < count; i++) {
    const own = join(home, String(i))
    const [library, photos] = [join(own, 'library'), join(own, 'photos')]
    const disk = smallDisk(t, library, ROOM)
    await makePhotos(photos, FIRST, { seed: seed + i, size: 96 })
    const engine = await createEngine({ library, watch: false, settle: 0, spacing: SOON })
    const compute = await superviseCompute((port) => engine.attachCompute(port))
    await engine.addFolder(photos)
    await engine.idle()
    const before = accountOf(library)

    disk.leave(Math.floor(random() * MOST_LEFT))
    await makePhotos(photos, THEN, { seed: seed + 100 + i, size: 96 })
    await engine.rescan()
    await engine.idle()
    if (engine.progress().waits.some(({ fault }) => fault.kind === 'disk-full')) filled.full++
    filled.lost = sumOf(filled.lost, lostBetween(before, accountOf(library)))
    disk.leave(ROOM)
    await whenProgress(engine, isWell)
    await engine.idle()
    const { indexed, failed } = engine.status()
    filled.failed += failed
    if (indexed === FIRST + THEN) filled.whole++
    filled.lost = sumOf(filled.lost, lostBetween(before, accountOf(library)))
    await engine.close()
    await compute.stop()
  }
  return filled
}
