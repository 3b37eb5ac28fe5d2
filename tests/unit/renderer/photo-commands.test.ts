// What is offered for photos.
import assert from 'node:assert/strict'
import test from 'node:test'
import { MAP_COMMANDS } from '../../../renderer/state/map/map-commands.ts'
import { photoCommands } from '../../../renderer/state/photo-commands.ts'

test('a program is chosen only where the installed ones are known', () => {
  const on = (system: string): string[] =>
    photoCommands(`Mozilla/5.0 (${system}) AppleWebKit/537.36`).map(({ id }) => id)
  const linux = on('X11; Linux x86_64')
  assert.ok(linux.includes('open-with'))
  for (const other of ['Macintosh; Intel Mac OS X 10_15_7', 'Windows NT 10.0; Win64; x64'])
    assert.deepEqual(
      on(other),
      linux.filter((id) => id !== 'open-with')
    )
})

test('no key that moves the map does anything to photos', () => {
  const onlyOfKin = new Set(['more-like', 'less-like'])
  const ofPhotos = new Set(
    photoCommands('').flatMap(({ id, keys }) => (onlyOfKin.has(id) ? [] : keys))
  )
  const keys = MAP_COMMANDS.flatMap((command) => command.keys)
  assert.deepEqual(
    keys.filter((key) => ofPhotos.has(key)),
    []
  )
})
