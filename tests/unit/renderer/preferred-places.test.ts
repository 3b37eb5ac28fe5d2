// The list of preferred places: changes at once, and before it was read, lose nothing of it.
import assert from 'node:assert/strict'
import test, { before } from 'node:test'
import type { KeptPlace } from '../../../main/wire/duplicate-messages.ts'
import { Fault } from '../../../main/wire/fault.ts'
import { WindowTarget, handlers, kindOf } from './engine.ts'
import { loadState } from './bundle.ts'

type State = typeof import('../../../renderer/state/engine-link.svelte.ts') &
  typeof import('../../../renderer/state/preferred-places.svelte.ts')
type Places = InstanceType<State['PreferredPlaces']>

let state: State
before(async () => {
  state = await loadState<State>('engine-link.svelte.ts', 'preferred-places.svelte.ts')
})

interface Stored {
  places: KeptPlace[]
  fault?: Fault
}

function placeAt(directory: string, isProtected = false): KeptPlace {
  return { folder: 1, directory, isProtected }
}

/** A list on an engine that stores these places. */
async function withPlaces(
  places: KeptPlace[],
  body: (list: Places, stored: Stored) => Promise<void>
): Promise<void> {
  const stored: Stored = { places }
  const target = new WindowTarget()
  const list = new state.PreferredPlaces(
    new state.EngineLink(target as EventTarget as Window)
  )
  const engine = target.hand({
    ...handlers(),
    keptPlaces: () => ({ places: stored.places }),
    setKeptPlaces(asked) {
      if (stored.fault) throw stored.fault
      stored.places = asked.places
      return {}
    }
  })
  try {
    await body(list, stored)
  } finally {
    engine.close()
  }
}

test('two changes at once both stay', async () => {
  await withPlaces([], async (list, stored) => {
    await list.read()
    await Promise.all([list.protect(placeAt('a'), true), list.protect(placeAt('b'), true)])
    const both = [placeAt('a', true), placeAt('b', true)]
    assert.deepEqual(stored.places, both)
    assert.deepEqual(list.list, both)
    await Promise.all([list.protect(placeAt('a'), false), list.move(placeAt('b'), -1)])
    assert.deepEqual(stored.places, [placeAt('b', true), placeAt('a')])
    await Promise.all([list.remove(placeAt('a')), list.add(placeAt('c'))])
    assert.deepEqual(stored.places, [placeAt('b', true), placeAt('c')])
  })
})

test('a change before the list was read keeps what was stored', async () => {
  await withPlaces([placeAt('a', true)], async (list, stored) => {
    await Promise.all([list.read(), list.protect(placeAt('b'), true)])
    assert.deepEqual(stored.places, [placeAt('a', true), placeAt('b', true)])
    assert.deepEqual(list.list, stored.places)
  })
})

test('a change that fails says so, changes nothing, and the next is made', async () => {
  await withPlaces([placeAt('a')], async (list, stored) => {
    const [subject, expected, received] = ['the library', 'a disk', 'an error']
    stored.fault = new Fault({ kind: 'unreadable', subject, expected, received })
    await assert.rejects(list.add(placeAt('b')), (error) => kindOf(error) === 'unreadable')
    assert.deepEqual(list.list, [placeAt('a')])
    delete stored.fault
    await list.add(placeAt('c'))
    assert.deepEqual(stored.places, [placeAt('a'), placeAt('c')])
  })
})
