// Questions: parts that are wanted and unwanted, and what is no question any more.
import assert from 'node:assert/strict'
import test from 'node:test'
import {
  MOST_PARTS,
  MOST_PICTURES,
  isAskable,
  isComposed,
  isSameQuestion,
  kinOf,
  kinOfAll,
  partOf,
  plainPhoto,
  questionTitle,
  subjectOf,
  withPart,
  withSubject,
  withoutPart
} from '../../../renderer/state/question.ts'
import type { Source } from '../../../renderer/state/question.ts'

const photo = (id: number): Source => ({ kind: 'photo', id })
const file = (name: string): Source => ({ kind: 'file', file: new Blob([name]), name, crop: null })
const CROP = { left: 0.1, top: 0.2, width: 0.3, height: 0.4 }

test('parts are added, turned and taken away', () => {
  const one = kinOf(1)
  const two = withPart(one, photo(2), -1)
  assert.deepEqual(two, [
    { source: photo(1), weight: 1 },
    { source: photo(2), weight: -1 }
  ])
  assert.equal(withPart(two, photo(2), -1), two)
  assert.deepEqual(withPart(two, photo(2), 1)[1], { source: photo(2), weight: 1 })
  assert.deepEqual(withoutPart(two, 1), one)
  assert.deepEqual([plainPhoto(one), plainPhoto(two)], [1, undefined])
})

test('something is always wanted', () => {
  const one = kinOf(1)
  assert.equal(withPart(one, photo(1), -1), one)
  const two = withPart(one, photo(2), -1)
  assert.equal(withoutPart(two, 0), two)
  assert.equal(isAskable([]), false)
})

test('no more is asked than the engine takes', () => {
  const full = kinOfAll(Array.from({ length: 40 }, (_, i) => photo(i + 1)))
  assert.equal(full.length, MOST_PARTS)
  assert.equal(withPart(full, photo(99), 1), full)
  const pictures = kinOfAll(Array.from({ length: MOST_PICTURES }, (_, i) => file(`${i}`)))
  assert.equal(isAskable(pictures), true)
  assert.equal(withPart(pictures, file('another'), 1), pictures)
  assert.equal(withPart(pictures, photo(1), 1).length, MOST_PICTURES + 1)
})

test('a part of the picture that is shown takes its place, and the whole again', () => {
  const question = withPart(kinOf(1), photo(2), 1)
  const part = withSubject(question, partOf(photo(1), CROP))
  assert.deepEqual(subjectOf(part), { kind: 'region', id: 1, crop: CROP })
  assert.equal(isSameQuestion(part, question), false)
  const same = withSubject(question, partOf(photo(1), { ...CROP }))
  assert.equal(isSameQuestion(part, same), true)
  assert.deepEqual(withSubject(part, partOf(part[0]!.source, null)), question)
  const outside = kinOfAll([file('a.jpg')])
  assert.deepEqual([question, part, outside, kinOf(1)].map(isComposed), [true, true, false, false])
  assert.equal(isComposed([part[0]!]), true)
  assert.deepEqual(subjectOf(withSubject(outside, partOf(outside[0]!.source, CROP))), {
    ...outside[0]!.source,
    crop: CROP
  })
})

test('files are the same only as themselves', () => {
  const one = file('a.jpg')
  assert.equal(isSameQuestion(kinOfAll([one]), kinOfAll([one])), true)
  assert.equal(isSameQuestion(kinOfAll([one]), kinOfAll([file('a.jpg')])), false)
})

test('a question is called by its file, or by how many it is of', () => {
  assert.equal(questionTitle(kinOfAll([file('beach.heic')])), 'beach.heic')
  const like = kinOfAll([photo(1), photo(2)])
  assert.equal(questionTitle(withPart(like, photo(3), -1)), '2 pictures together')
})
