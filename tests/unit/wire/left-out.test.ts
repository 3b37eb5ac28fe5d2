// What is left out, in words: one and more of each kind.
import assert from 'node:assert/strict'
import test from 'node:test'
import { LEFT_OUT_KINDS, leftOutSentence } from '../../../main/wire/left-out.ts'

test('one is named, of more the first', () => {
  assert.equal(
    leftOutSentence({ kind: 'link', count: 24, first: 'album' }),
    '24 links are not followed, the first “album”. Add the folders they lead to if you miss photos.'
  )
  assert.equal(
    leftOutSentence({ kind: 'system', count: 1, first: 'a/@Recycle' }),
    '1 bin, snapshot or cache is left out: “a/@Recycle”.'
  )
})

test('every kind is told, and differently', () => {
  const told = LEFT_OUT_KINDS.flatMap((kind) =>
    [1, 2].map((count) => leftOutSentence({ kind, count, first: 'x' }))
  )
  assert.equal(new Set(told).size, told.length)
  for (const sentence of told) assert.match(sentence, /^\d .*“x”.*\.$/)
})
