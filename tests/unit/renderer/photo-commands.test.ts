// What is offered for photos.
import assert from 'node:assert/strict'
import test from 'node:test'
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
