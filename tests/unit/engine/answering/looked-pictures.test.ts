// Pictures to be asked with: the last sixteen are kept, numbers are never used twice; the bytes of
// the latest as far as there is room.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createPictures } from '../../../../main/engine/answering/looked-pictures.ts'
import { isFault } from '../../../../main/wire/fault.ts'

const described = (value: number) => ({ backbone: 'a', feature: Uint16Array.of(value) })

test('the last sixteen pictures are kept', () => {
  const pictures = createPictures()
  const numbers = Array.from({ length: 20 }, (_, i) =>
    pictures.keep({ ...described(i), photo: i })
  )
  assert.equal(new Set(numbers).size, 20)
  for (const [i, number] of numbers.entries())
    if (i >= 4) assert.deepEqual(pictures.get(number), { ...described(i), photo: i })
    else assert.throws(() => pictures.get(number), (error) => isFault(error, 'not-found'))
})

test('a picture that is described anew stays what it was; bytes are kept of the latest', () => {
  const pictures = createPictures(1000)
  const [first, second, third] = [400, 500, 501].map((length) =>
    pictures.keep({ ...described(length), bytes: new Uint8Array(length), crop: null })
  )
  const bytes = [first!, second!, third!].map((id) => pictures.get(id).bytes?.length)
  assert.deepEqual(bytes, [undefined, undefined, 501])
  pictures.renew(third!, { backbone: 'b', feature: Uint16Array.of(7) })
  const { backbone, feature, bytes: kept } = pictures.get(third!)
  assert.deepEqual([backbone, [...feature], kept?.length], ['b', [7], 501])
  pictures.renew(99, described(1))
  assert.throws(() => pictures.get(99), (error) => isFault(error, 'not-found'))
})
