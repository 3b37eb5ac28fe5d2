// Pictures to be asked with: the last sixteen are kept, numbers are never used twice.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createPictures } from '../../../main/engine/pictures.ts'
import { isFault } from '../../../main/wire/fault.ts'

test('the last sixteen pictures are kept', () => {
  const pictures = createPictures()
  const numbers = Array.from({ length: 20 }, (_, i) =>
    pictures.keep({ backbone: 'a', feature: Uint16Array.of(i), photo: i })
  )
  assert.equal(new Set(numbers).size, 20)
  for (const [i, number] of numbers.entries())
    if (i >= 4)
      assert.deepEqual(pictures.get(number, 'a'), {
        backbone: 'a',
        feature: Uint16Array.of(i),
        photo: i
      })
    else assert.throws(() => pictures.get(number, 'a'), (error) => isFault(error, 'not-found'))
  const gone = (error: unknown): boolean => isFault(error, 'not-found')
  assert.throws(() => pictures.get(numbers.at(-1)!, 'b'), gone, 'another backbone describes now')
})
