// Where and when the photos of a simulated library were taken: events of some dozens, more of them
// every year, each in a directory of its own. Runs in the bench's process. Pure.
import { seededRandom } from '../../../model/retrieval.ts'

export interface PhotoPlace {
  /** In the folder of the older ones. */
  archive: boolean
  directory: string // <year>/<year>-<month>-<day> event <number>
  name: string
  size: number // bytes
  modifiedAt: number // ms since 1970
  capturedAt: number | null // one in twenty has none
  favourite: boolean // one in fifty
  event: number
  /** The picture that stands in for it. */
  picture: number
}

const FIRST_YEAR = 1998
const YEARS = 27
/** Photos of an event, on average. */
const EVENT = 40
/** Of an event's photos, so many show what the event is about; the others anything. */
const ON_TOPIC = 0.7

/** `count` photos in the order of their events, which is that of folders and of time. */
export function* photoPlaces(
  count: number,
  pictures: number,
  seed: number
): Generator<PhotoPlace> {
  const random = seededRandom(seed + 1)
  const start = Date.UTC(FIRST_YEAR, 0, 1)
  const span = Date.UTC(FIRST_YEAR + YEARS, 0, 1) - start
  let done = 0
  for (let event = 0; done < count; event++) {
    // Photos by then grow with the cube of time: half of them in the last fifth.
    const begin = start + span * Math.cbrt(done / count)
    const day = new Date(begin).toISOString().slice(0, 10)
    const directory = `${day.slice(0, 4)}/${day} event ${event}`
    const archive = Number(day.slice(0, 4)) < FIRST_YEAR + 12
    const topic = Math.floor(random() * pictures)
    const photos = Math.min(count - done, 1 + Math.floor(-Math.log(1 - random()) * EVENT))
    for (let i = 0; i < photos; i++) {
      const time = Math.floor(begin) + i * 20_000
      done++
      yield {
        archive,
        directory,
        name: `IMG_${String(done).padStart(7, '0')}.jpg`,
        size: 2_000_000 + Math.floor(random() * 4_000_000),
        modifiedAt: time,
        capturedAt: random() < 0.05 ? null : time,
        favourite: random() < 0.02,
        event,
        picture: random() < ON_TOPIC ? topic : Math.floor(random() * pictures)
      }
    }
  }
}
