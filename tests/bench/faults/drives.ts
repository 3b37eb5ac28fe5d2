// Drives that go and come back: a folder's own, one below a folder, one that comes back mounted at
// another place. Real mounts.
import { join } from 'node:path'
import { createEngine } from '../../../main/engine/engine.ts'
import { superviseCompute } from '../../support/compute.ts'
import { drives } from '../../support/drives.ts'
import type { Ending } from '../../support/endings.ts'
import { makePhotos } from '../../support/photos.ts'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import { NOTHING, accountOf, lostBetween, sumOf } from './account.ts'
import type { Account, Lost } from './account.ts'

const PLACES = ['root', 'below a root', 'another mount point'] as const
type Place = (typeof PLACES)[number]

const ON_DRIVE = 12
const BESIDE = 4

export interface Returned {
  tried: Record<Place, number>
  /** While the drives were away, and when they were back. */
  lost: Lost
  /** Photos that were described once more. */
  again: number
}

/** Takes a drive away so often and brings it back; below `home`, which is empty. */
export async function goneDrives(
  t: Ending,
  home: string,
  count: number,
  seed: number
): Promise<Returned> {
  const tried = { root: 0, 'below a root': 0, 'another mount point': 0 }
  const plugs = drives(t)
  let [lost, again] = [NOTHING, 0]
  for (let i = 0; i < count; i++) {
    const place = PLACES[i % PLACES.length]!
    tried[place]++
    const own = join(home, String(i))
    const [drive, library] = [join(own, 'drive'), join(own, 'library')]
    await makePhotos(drive, ON_DRIVE, { seed: seed + i, size: 96 })
    const isBelow = place === 'below a root'
    const root = join(own, 'pictures')
    const point = isBelow ? join(root, 'trips/usb') : root
    if (isBelow) await makePhotos(root, BESIDE, { seed: seed + 500 + i, size: 96 })
    plugs.plug(drive, point)
    const all = isBelow ? ON_DRIVE + BESIDE : ON_DRIVE
    await inEngine(library, (engine) => engine.addFolder(root).then(() => engine.idle()))
    markAll(library)
    const before = accountOf(library)
    if (before.photos.size !== all)
      throw new Error(`${own}: expected ${all} photos, got ${before.photos.size}`)

    plugs.unplug(point)
    await inEngine(library, (engine) => engine.rescan().then(() => engine.idle()))
    lost = sumOf(lost, lostBetween(before, accountOf(library)))

    const elsewhere = join(own, 'media')
    const isElsewhere = place === 'another mount point'
    plugs.plug(drive, isElsewhere ? elsewhere : point)
    const run = await inEngine(library, async (engine) => {
      if (isElsewhere) await engine.addFolder(elsewhere)
      await engine.rescan()
      return await engine.idle()
    })
    again += run.indexed
    const after = accountOf(library)
    lost = sumOf(lost, lostBetween(before, isElsewhere ? movedBack(after, elsewhere, root) : after))
    plugs.unplug(isElsewhere ? elsewhere : point)
  }
  return { tried, lost, again }
}

type Held = Awaited<ReturnType<typeof createEngine>>

async function inEngine<T>(library: string, work: (engine: Held) => Promise<T>): Promise<T> {
  const engine = await createEngine({ library, watch: false, settle: 0 })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  try {
    return await work(engine)
  } finally {
    await engine.close()
    await compute.stop()
  }
}

/** Half of them favourites, the others rated. */
function markAll(library: string): void {
  const catalogue = openCatalogue(library)
  const ids = catalogue.photos.paths(0, 1000).map(({ id }) => id)
  const half = Math.floor(ids.length / 2)
  catalogue.favourites.set(ids.slice(0, half), true)
  catalogue.ratings.set(ids.slice(half), 4)
  catalogue.close()
}

/** An account with its paths as they were before a folder was mounted elsewhere. */
function movedBack(account: Account, from: string, to: string): Account {
  const photos = new Map(
    [...account.photos.values()].map((photo) => {
      const path = photo.path.startsWith(from) ? to + photo.path.slice(from.length) : photo.path
      return [path, { ...photo, path }] as const
    })
  )
  return { ...account, photos }
}
