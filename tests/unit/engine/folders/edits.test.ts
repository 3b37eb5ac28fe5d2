// Which photos may be edited versions of the one that their name speaks of.
import assert from 'node:assert/strict'
import test from 'node:test'
import { isEditOf } from '../../../../main/engine/folders/edits.ts'

type Photo = Parameters<typeof isEditOf>[0]

const AT = Date.UTC(2020, 4, 1, 12)
const HOUR = 3_600_000

/** A photo of this size that was taken so many hours after another; null: nobody knows when. */
function photo(width: number, height: number, hours: number | null = 0): Photo {
  if (hours === null) return { width, height, capturedAt: null, capturedFrom: null }
  return { width, height, capturedAt: AT + hours * HOUR, capturedFrom: 'exif' }
}

const byName = (at: Photo): Photo => ({ ...at, capturedFrom: 'name' })

test('an edited version is of the time of its original, or else of a likely size', () => {
  const original = photo(4000, 3000)
  const undated = photo(4000, 3000, null)
  const cases: [what: string, edit: Photo, original: Photo, isEdit: boolean][] = [
    ['the same time', photo(4000, 3000), original, true],
    ['a small export of the same time', photo(400, 300), original, true],
    ['a time of another zone', photo(4000, 3000, 10), original, true],
    ['another day', photo(4000, 3000, 30), original, false],
    ['another year', photo(4000, 3000, 9000), original, false],
    ['no time, cropped', photo(2000, 2000, null), original, true],
    ['no time, turned', photo(3000, 4000, null), undated, true],
    ['no time, tiny', photo(400, 300, null), original, false],
    ['no time, much larger', photo(9000, 8000, null), undated, false],
    ['a time that only its name tells', byName(photo(3000, 2000, 9000)), original, true]
  ]
  for (const [what, edit, source, isEdit] of cases)
    assert.equal(isEditOf(edit, source), isEdit, what)
})
