// A thread of the engine that does what is due for the map and ends. In a large library a layout
// takes a minute, in which the reader goes on answering; while somebody acts this rests. It reads
// the catalogue by a connection of its own; what it finds is kept by the writer. A thread that is
// lost leaves nothing behind, and the next begins anew: the same photos give the same map.
import { constants, getPriority, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import * as v from 'valibot'
import { connectCatalogue } from '../../catalogue/catalogue.ts'
import { Bug, cancelled, isFault } from '../../wire/fault.ts'
import { makeMap, placeNew } from '../../../model/mapping.ts'
import type { MapPhotos, Placed } from '../../../model/mapping.ts'
import { dueOf, nameOf } from './map-due.ts'
import type { Due } from './map-due.ts'
import { mapPhotos, placedNow } from './map-photos.ts'
import { ASIDE, MapWork, STOP } from './map-work.ts'
import type { MapTold } from './map-work.ts'

/** So often it is told how far it is, ms. */
const TELL_EVERY = 200

if (!parentPort) throw new Bug('the map is made in a worker')
const port = parentPort
// As in writer-thread.ts: only Linux has a priority for each thread.
if (process.platform === 'linux')
  setPriority(0, Math.max(getPriority(0), constants.priority.PRIORITY_BELOW_NORMAL))

const { library, control, ...by } = v.parse(MapWork, workerData)
let toldAt = -Infinity

interface Read {
  due: Extract<Due, { work: 'lay-out' | 'place' }>
  photos: MapPhotos
  former: Placed
}

function send(told: MapTold): void {
  port.postMessage(told)
}

/** Rests while somebody acts. Throws cancelled once nobody waits any more. */
function goOn(): void {
  while (Atomics.load(control, ASIDE) === 1 && Atomics.load(control, STOP) === 0)
    Atomics.wait(control, ASIDE, 1, TELL_EVERY)
  if (Atomics.load(control, STOP) === 1) throw cancelled('map')
}

function telling(work: 'making' | 'placing'): (share: number) => void {
  return (share) => {
    goOn()
    const now = performance.now()
    if (now - toldAt < TELL_EVERY) return
    toldAt = now
    send({ type: 'progress', work, share })
  }
}

function found(
  map: Extract<MapTold, { type: 'found' }>['found']['map'],
  { ids, places }: { ids: Uint32Array; places: Float32Array }
): void {
  send({ type: 'found', found: { map, ids, places } })
}

/** What is due, and all that it is made of; nothing where nothing is due. */
async function read(): Promise<Read | undefined> {
  const catalogue = connectCatalogue(library, 'read')
  try {
    const due = dueOf(catalogue, by)
    if (due.work === 'nothing' || due.work === 'wait') return undefined
    const photos = await mapPhotos(catalogue, by, goOn)
    return { due, photos, former: placedNow(catalogue, goOn) }
  } finally {
    catalogue.close()
  }
}

async function work(): Promise<void> {
  try {
    goOn()
    const given = await read()
    if (!given) return
    send({ type: 'read' })
    const { due, photos, former } = given
    const tick = telling(due.work === 'place' ? 'placing' : 'making')
    tick(0)
    if (due.work === 'place') {
      found({ layout: due.layout }, placeNew(photos, former, tick))
      return
    }
    const { ids, places, clusters } = await makeMap(photos, former, tick)
    found({ describedBy: nameOf(by), reason: due.reason, clusters }, { ids, places })
  } catch (error) {
    if (!isFault(error)) throw error
    send({ type: 'fault', fault: error.record })
  }
}

// As in writer-thread.ts: thrown, it is told to who started this thread.
process.on('unhandledRejection', (error) => {
  throw error
})
void work()
