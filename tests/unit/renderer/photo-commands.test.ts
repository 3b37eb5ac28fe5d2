// What is offered for photos.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Kindred } from '../../../renderer/state/kindred.svelte.ts'
import { COMPARE_COMMANDS } from '../../../renderer/state/large/compare-commands.ts'
import { MAP_COMMANDS } from '../../../renderer/state/map/map-commands.ts'
import { PAGE_COMMANDS } from '../../../renderer/state/page-commands.ts'
import { photoCommands } from '../../../renderer/state/photo-commands.ts'
import type { Target } from '../../../renderer/state/target.ts'

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

/** What Escape does in what lies over the screen: the first that applies. */
function leaves(isComparing: boolean, isOpen: boolean, isChoosing: boolean, isFull: boolean) {
  const state = {
    compare: { isOpen: isComparing },
    fullScreen: { isOn: isFull },
    isCovered: isComparing || isOpen,
    screen: 'photos',
    viewer: { isOpen, isChoosing }
  } as unknown as Kindred
  const target: Target = { ids: [], focused: 0, where: isComparing ? 'compare' : 'viewer' }
  return [...COMPARE_COMMANDS, ...PAGE_COMMANDS].find(
    ({ keys, applies }) => keys.includes('Escape') && applies(state, target)
  )?.id
}

test('Escape always leaves something of what lies over the screen, the full screen first', () => {
  for (const isChoosing of [false, true])
    for (const isOpen of [false, true]) {
      assert.equal(leaves(true, isOpen, isChoosing, true), 'leave-full-screen')
      assert.equal(leaves(true, isOpen, isChoosing, false), 'compare-close')
    }
  for (const isFull of [false, true])
    assert.equal(leaves(false, true, true, isFull), 'stop-choosing')
  assert.equal(leaves(false, true, false, true), 'leave-full-screen')
  assert.equal(leaves(false, true, false, false), 'close')
})
