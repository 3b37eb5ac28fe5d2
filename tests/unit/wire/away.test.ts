// How it is told that drives are not there.
import assert from 'node:assert/strict'
import test from 'node:test'
import { awaySentence } from '../../../main/wire/away.ts'

test('one, two and more are told in a sentence', () => {
  assert.deepEqual(
    [['usb'], ['a', 'b'], ['a', 'b', 'c']].map(awaySentence),
    [
      '“usb” is not connected. Its photos are kept.',
      '“a” and 1 other are not connected. Their photos are kept.',
      '“a” and 2 others are not connected. Their photos are kept.'
    ]
  )
})
