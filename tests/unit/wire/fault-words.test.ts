// Faults in words: every kind, whomever it is about, in two parts that name no library and no code.
import assert from 'node:assert/strict'
import test from 'node:test'
import { ABOUT, FAULT_KINDS } from '../../../main/wire/fault.ts'
import type { FaultKind } from '../../../main/wire/fault.ts'
import { endingSentence, faultClause, faultWords } from '../../../main/wire/fault-words.ts'
import { faultRecord } from '../../support/library.ts'

const TECHNICAL = /vips|sharp|libheif|magick|sqlite|onnx|undefined|EIO/i
// They show what came: a format, a kind of damage, a size, a number, what was typed.
const SHOWS: readonly FaultKind[] = [
  'bad-argument',
  'wrong-folder',
  'unsupported-format',
  'corrupt-photo',
  'too-large',
  'too-few-photos',
  'keeps-ending'
]
// Nothing can be done, or need be.
const WITHOUT_REMEDY: readonly FaultKind[] = ['bad-argument', 'cancelled']

test('each kind says what is wrong and what to do, as sentences', () => {
  for (const kind of FAULT_KINDS)
    for (const about of ABOUT) {
      const fault = faultRecord(kind, { about, received: 'VipsJpeg: EIO in libvips' })
      const { what, remedy } = faultWords(fault)
      const name = `${kind} about ${about}: ${what} ${remedy}`
      assert.match(what, /^\p{Lu}.*\.$|^a\.jpg: /u, name)
      const says = kind === 'not-found' || kind === 'no-access' ? about === 'photo' : true
      if (says && !WITHOUT_REMEDY.includes(kind)) assert.match(remedy, /^\p{Lu}.*\.$/u, name)
      if (!SHOWS.includes(kind)) assert.doesNotMatch(name, TECHNICAL)
    }
})

test('after a colon the words go on small', () => {
  assert.equal(faultClause(faultRecord('disk-full')), 'the disk is full')
  assert.equal(faultClause(faultRecord('internal')), 'Kindred made an error')
})

test('what ended a command is not said to go on by itself', () => {
  for (const kind of FAULT_KINDS)
    for (const about of ABOUT)
      assert.doesNotMatch(
        endingSentence(faultRecord(kind, { about })),
        /tried again by itself|goes on by itself/
      )
  assert.equal(endingSentence(faultRecord('disk-full')), 'The disk is full. Make room, and try again.')
  assert.equal(
    endingSentence(faultRecord('device')),
    'The device that computes could not go on. Try again.'
  )
})
