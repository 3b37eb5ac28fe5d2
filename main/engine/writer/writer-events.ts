// What the parts of the writer tell each other, and who hears it. Runs in the writer; what the page
// is to know goes to the reader.
import type { EventEmitter } from 'node:events'
import type { Stop } from '../../catalogue/settings-table.ts'
import type { Task } from '../../catalogue/work-table.ts'
import type { LinkState } from '../lines/compute-link.ts'
import type { Kept } from '../context.ts'
import { guarded } from '../faults/guarded.ts'
import type { WriterParts } from './writer-handlers.ts'

/** What the parts tell. */
export interface Events {
  begun: [ids: readonly number[]] // compute has these photos in work
  compute: [state: LinkState]
  pending: [] // photos wait, or a model is to be fitted
  kept: [kept: Kept]
  moved: [task: Task]
  fitting: [isFitting: boolean]
  rows: [] // a scan wrote rows
  presence: [] // a folder came or went
  scanning: [isScanning: boolean]
  rest: [] // a run of indexing has ended
  serving: [] // another model may serve
  stop: [stop: Stop | undefined] // something stops all work, or it goes on
}

type Told = Pick<
  WriterParts,
  | 'catalogue'
  | 'meter'
  | 'scanner'
  | 'watching'
  | 'indexer'
  | 'learner'
  | 'thumbnailMaker'
  | 'tileMaker'
  | 'stopper'
  | 'tell'
>

/** Says of each state whether it tells another compute: its decoder may come and go meanwhile. */
export function anotherReady(): (state: LinkState) => boolean {
  let hasStarted = false
  return (state) => {
    if (state === 'starting') hasStarted = true
    if (state !== 'ready' || !hasStarted) return false
    hasStarted = false
    return true
  }
}

/** Has the parts hear what the others tell from now on. */
export function connectParts(events: EventEmitter<Events>, parts: Told): void {
  const { catalogue, meter, scanner, watching, indexer, learner, stopper, tell } = parts

  function tryAgain(): void {
    parts.thumbnailMaker.tryAgain()
    parts.tileMaker.tryAgain()
  }
  function wake(): void {
    indexer.wake()
    learner.wake()
  }
  meter.on((progress) => tell('progress', progress))
  meter.on(() => learner.tell()) // it may wait for indexing, or have more photos
  learner.on((learning) => tell('learning', learning))
  const nameOf = guarded(
    (fault) => stopper.stop(fault.record),
    (id: number) => catalogue.photos.shown(id)?.name
  )
  events.on('begun', (ids) => {
    const name = nameOf(ids.at(-1) ?? 0)
    if (name) meter.set({ currentFile: name })
  })
  const isAnother = anotherReady()
  let isDown = false
  events.on('compute', (compute) => {
    meter.set({ compute })
    if (compute === 'refused') isDown = true
    const isNew = isAnother(compute)
    if (compute !== 'ready') return
    if (isDown) {
      learner.goOn()
      tryAgain()
    }
    isDown = false
    if (isNew && stopper.current?.fault.about === 'program') stopper.goOn()
    wake()
  })
  events.on('stop', (stopped) => {
    meter.set({})
    if (stopped) return
    indexer.wake()
    learner.goOn()
    scanner.goOn()
    tryAgain()
  })
  events.on('scanning', (scanning) => {
    meter.set({ scanning })
    if (!scanning) wake()
  })
  for (const event of ['pending', 'rows'] as const)
    events.on(event, () => {
      tell('changed', { what: 'photos' })
      indexer.wake()
    })
  events.on('kept', ({ indexed, failed }) => {
    indexer.count(indexed, failed)
    tell('changed', { what: 'photos' })
  })
  events.on('moved', ({ folder, directory }) => scanner.hint(folder, directory, false))
  events.on('fitting', (fitting) => {
    meter.set({ fitting })
    if (!fitting) events.emit('serving')
  })
  events.on('presence', () => {
    watching?.update()
    tryAgain()
    tell('changed', { what: 'rest' })
  })
  events.on('serving', () => tell('changed', { what: 'rest' }))
  events.on('rest', () => learner.wake())
}
