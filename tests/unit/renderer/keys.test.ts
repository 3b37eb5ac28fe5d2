// Keys of commands on keyboards of all layouts: what a key writes counts first, and where nothing
// that it writes is a key of ours, its place.
import assert from 'node:assert/strict'
import test from 'node:test'
import { pressed, shownKeys } from '../../../renderer/state/keys.ts'
import type { KeyPress } from '../../../renderer/state/keys.ts'

const press = (key: string, code: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held
})

test('a letter is the one that is written, wherever it lies', () => {
  assert.equal(pressed('f', press('f', 'KeyF')), 'written')
  assert.equal(pressed('f', press('F', 'KeyF')), 'written', 'with the caps lock')
  assert.equal(pressed('f', press('F', 'KeyF', { shiftKey: true })), undefined)
  assert.equal(pressed('f', press('f', 'KeyY')), 'written', 'Dvorak')
  assert.equal(pressed('y', press('f', 'KeyY')), undefined, 'Dvorak')
  assert.equal(pressed('q', press('a', 'KeyQ')), undefined, 'French')
})

test('a key that writes no Latin letter counts by its place', () => {
  assert.equal(pressed('f', press('а', 'KeyF')), 'placed', 'Russian')
  assert.equal(pressed('f', press('φ', 'KeyF')), 'placed', 'Greek')
  assert.equal(pressed('r', press('ר', 'KeyR')), 'placed', 'Hebrew')
  assert.equal(pressed('x', press('а', 'KeyF')), undefined)
  assert.equal(pressed('Ctrl+z', press('я', 'KeyZ', { ctrlKey: true })), 'placed')
  assert.equal(pressed('o', press('щ', 'KeyO', { shiftKey: true })), undefined)
  assert.equal(pressed('Shift+o', press('Щ', 'KeyO', { shiftKey: true })), 'placed')
})

test('digits lie above the shift key in some layouts', () => {
  assert.equal(pressed('1', press('&', 'Digit1')), 'placed', 'French')
  assert.equal(pressed('2', press('é', 'Digit2')), 'placed', 'French')
  assert.equal(pressed('4', press('4', 'Numpad4')), 'written')
  assert.equal(pressed('4', press('$', 'Digit4', { shiftKey: true })), undefined)
})

test('signs may need the shift key, and Ctrl is Command elsewhere', () => {
  assert.equal(pressed('?', press('?', 'Slash', { shiftKey: true })), 'written')
  assert.equal(pressed('/', press('/', 'Digit7', { shiftKey: true })), 'written', 'German')
  assert.equal(pressed('+', press('+', 'BracketRight')), 'written', 'German')
  assert.equal(pressed('Ctrl+a', press('a', 'KeyA', { metaKey: true })), 'written')
  assert.equal(pressed('a', press('a', 'KeyA', { ctrlKey: true })), undefined)
  const back = press('ArrowLeft', 'ArrowLeft', { altKey: true })
  assert.equal(pressed('Alt+ArrowLeft', back), 'written')
})

test('keys are shown as they are printed', () => {
  assert.equal(shownKeys('Ctrl+Shift+c'), 'Ctrl Shift C')
  assert.equal(shownKeys('Alt+ArrowLeft'), 'Alt ←')
  assert.equal(shownKeys('+'), '+')
  assert.equal(shownKeys(' '), 'Space')
})
