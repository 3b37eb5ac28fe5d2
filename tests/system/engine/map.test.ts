// The map of a real library: made, kept, there at once the next time; begun anew after it was cut
// off; a photo that comes moves nothing, another model does.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { DatabaseSync } from '@photostructure/sqlite'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import { CATALOGUE_FILE } from '../../../main/catalogue/library-files.ts'
import { createEngine } from '../../../main/engine/engine.ts'
import { createMapMaker } from '../../../main/engine/mapping/map-maker.ts'
import { connect } from '../../../main/wire/channel.ts'
import { engineContract } from '../../../main/wire/engine-contract.ts'
import { LARGEST_MAP_SLICE } from '../../../main/wire/map-messages.ts'
import type { MapSlice, MapState } from '../../../main/wire/map-messages.ts'
import { portPair } from '../../../main/wire/port.ts'
import { StepAside } from '../../../main/wire/step-aside.ts'
import { writerContract } from '../../../main/wire/writer-contract.ts'
import { largeLibrary } from '../../support/large-library.ts'
import { fileFacts, hashOf, temporaryFolder } from '../../support/library.ts'
import { until } from '../../support/until.ts'
import { TYPESCRIPT } from '../../support/typescript.ts'

const PHOTOS = 600

interface Opened {
  /** The map as it is now. */
  map(): Promise<MapSlice>
  /** Resolves with the map once it has so many photos. */
  until(photos: number): Promise<MapSlice>
  states: MapState[]
  close(): Promise<void>
}

/** Opens a library as the page does. */
async function open(t: TestContext, library: string): Promise<Opened> {
  const engine = await createEngine({ library, watch: false })
  t.after(() => engine.close())
  const [far, near] = portPair()
  engine.servePage(near)
  const page = connect(far, engineContract)
  const states: MapState[] = []
  let wake: () => void = () => undefined
  page.on('map', (state) => {
    states.push(state)
    wake()
  })
  const map = () => page.call('map', { offset: 0, count: LARGEST_MAP_SLICE })
  return {
    states,
    map,
    async until(photos) {
      for (;;) {
        const told = new Promise<void>((resolve) => (wake = resolve))
        const now = await map()
        if (now.total === photos && now.state.state === 'made') return now
        assert.notEqual(now.state.state, 'failed', JSON.stringify(now.state))
        await told
      }
    },
    close: async () => void (await engine.close())
  }
}

/** Where each photo lies. */
function placesOf({ ids, places }: MapSlice): Map<number, string> {
  return new Map(Array.from(ids, (id, i) => [id, `${places[2 * i]} ${places[2 * i + 1]}`]))
}

test('the map is made, kept, and stays where it is when a photo comes', async (t) => {
  const library = join(temporaryFolder(t), 'library')
  await largeLibrary(library, PHOTOS)
  const first = await open(t, library)
  const made = await first.until(PHOTOS)
  assert.ok(made.layout > 0)
  assert.equal(made.reason, 'first')
  assert.ok(made.places.every((value) => Number.isFinite(value) && Math.abs(value) < 3))
  assert.ok(new Set(made.clusters).size > 1)
  assert.ok(first.states.some(({ state }) => state === 'making'))
  await first.close()

  // It is there at once, and nothing is done for it.
  const second = await open(t, library)
  const kept = await second.map()
  assert.deepEqual(placesOf(kept), placesOf(made))
  assert.deepEqual(kept.state, { state: 'made' })
  await second.close()

  // One comes that looks as another does: it lies beside that one, and nothing else moves.
  const [alike = 0] = kept.ids
  const catalogue = openCatalogue(library)
  const model = catalogue.models.serving()?.id ?? 0
  const encoding = catalogue.vectors.encoding(alike, model)
  const [folder] = catalogue.folders.list()
  assert.ok(encoding && folder)
  const id = catalogue.transaction(() => {
    const added = catalogue.files.insert(folder.id, '', fileFacts('new.jpg'), 0)
    const content = { hash: hashOf('new'), width: 4, height: 3, capturedAt: null }
    catalogue.work.describe(catalogue.work.task(added)!, content)
    catalogue.vectors.putEncoding(added, model, encoding)
    return added
  })
  catalogue.close()
  const third = await open(t, library)
  const grown = await third.until(PHOTOS + 1)
  const after = placesOf(grown)
  for (const [one, place] of placesOf(made)) assert.equal(after.get(one), place)
  assert.equal(grown.layout, made.layout)
  const distance = distanceBetween(grown, id, alike)
  assert.ok(distance < 0.2, `${distance} from the one that it looks like`)
  await third.close()
})

function distanceBetween({ ids, places }: MapSlice, one: number, other: number): number {
  const [a, b] = [ids.indexOf(one), ids.indexOf(other)]
  assert.ok(a >= 0 && b >= 0)
  return Math.hypot(places[2 * a]! - places[2 * b]!, places[2 * a + 1]! - places[2 * b + 1]!)
}

test('cut off in the middle it begins anew, and comes out the same', async (t) => {
  const home = temporaryFolder(t)
  const [library, other] = [join(home, 'library'), join(home, 'other')]
  await largeLibrary(library, PHOTOS)
  await largeLibrary(other, PHOTOS)
  const child = new URL('../../support/map-child.ts', import.meta.url).pathname
  const started = spawn(process.execPath, [...TYPESCRIPT, child, library], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc']
  })
  await once(started, 'message') // the layout is under way
  started.kill('SIGKILL')
  await once(started, 'exit')
  const again = await open(t, library)
  const resumed = await again.until(PHOTOS)
  await again.close()
  const undisturbed = await open(t, other)
  assert.deepEqual(placesOf(resumed), placesOf(await undisturbed.until(PHOTOS)))
  await undisturbed.close()
})

test('closing gives it up at once, and nothing of it is kept', async (t) => {
  const library = join(temporaryFolder(t), 'library')
  await largeLibrary(library, PHOTOS)
  const opened = await open(t, library)
  await opened.map()
  await opened.close()
  const catalogue = openCatalogue(library)
  t.after(() => catalogue.close())
  assert.equal(catalogue.map.current(), undefined)
  assert.equal(catalogue.map.count(), 0)
})

test('once all that was laid out has left, those that came are laid out', async (t) => {
  const library = join(temporaryFolder(t), 'library')
  await largeLibrary(library, PHOTOS)
  const first = await open(t, library)
  const { layout } = await first.until(PHOTOS)
  await first.close()
  const database = new DatabaseSync(join(library, CATALOGUE_FILE))
  database.exec('DELETE FROM map_places') // as with the photos of a folder that is taken away
  database.close()
  const second = await open(t, library)
  const anew = await second.until(PHOTOS)
  assert.notEqual(anew.layout, layout)
  assert.equal(anew.reason, 'grown')
  assert.ok(new Set(placesOf(anew).values()).size > PHOTOS / 4)
  await second.close()
})

/** A maker whose thread fails, which tells its states. */
async function failingMaker(t: TestContext, beforeALook?: number) {
  const library = join(temporaryFolder(t), 'library')
  await largeLibrary(library, PHOTOS)
  const catalogue = openCatalogue(library)
  t.after(() => catalogue.close())
  const told = t.mock.method(console, 'error', () => undefined)
  const states: MapState[] = []
  const maker = createMapMaker({
    beforeALook,
    library,
    catalogue,
    writer: connect(portPair()[0], writerContract), // which is never asked
    aside: new StepAside(),
    by: () => ({ model: catalogue.models.serving()?.id ?? null, backbone: '' }),
    isIdle: () => true,
    tell: (state) => states.push(state),
    onKept: () => assert.fail('nothing was found'),
    onDamage: (fault) => assert.fail(fault),
    thread: new URL('data:text/javascript,throw new Error("ours")')
  })
  return { maker, states: () => states.map(({ state }) => state), told }
}

test('it is made while nobody looks, and soon after a change once somebody has', async (t) => {
  const alone = await failingMaker(t, 20)
  alone.maker.changed()
  await until('its end', () => alone.states().length === 2)
  await alone.maker.close()
  const looked = await failingMaker(t, 3600_000)
  looked.maker.want()
  await until('its end', () => looked.states().length === 2)
  looked.maker.changed()
  await until('its next end', () => looked.states().length === 4)
  await looked.maker.close()
})

test('an error of ours ends the map alone, and is told', async (t) => {
  const { maker, states, told } = await failingMaker(t)
  maker.want()
  await until('its end', () => maker.state.state !== 'making')
  assert.equal(maker.state.state === 'failed' && maker.state.fault.kind, 'internal')
  assert.deepEqual(states(), ['making', 'failed'])
  assert.equal(told.mock.callCount(), 1)
  await maker.close()
})
