// Addresses of pictures, whatever the page may ask for: only the four forms are read, to the
// letter, and a thumbnail's name never leads out of its folder.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import fc from 'fast-check'
import { pictureName } from '../../../main/app/addresses.ts'
import { isInside } from '../../../main/app/inside.ts'
import { thumbnailFile } from '../../../main/wire/thumbnail.ts'
import { LARGE_SIDES } from '../../../main/wire/large-picture.ts'
import {
  partAddress,
  thumbnailAddress,
  tileAddress,
  largeAddress
} from '../../../renderer/state/picture-addresses.ts'

const names = fc.stringMatching(/^[0-9a-f]{32}$/)
const sides = fc.constantFrom(...LARGE_SIDES)
const places = fc.record({ level: fc.nat(9), column: fc.nat(999), row: fc.nat(999) })
const addresses = fc.oneof(
  names.map(thumbnailAddress),
  names.map(tileAddress),
  fc.tuple(names, sides).map(([name, side]) => largeAddress(name, side)),
  fc.tuple(names, places).map(([name, place]) => partAddress(name, place))
)

/** What an address is that is read as this. */
function written(name: NonNullable<ReturnType<typeof pictureName>>): string {
  if (name.what === 'large') return largeAddress(name.name, name.side)
  if (name.what === 'part') return partAddress(name.name, name)
  return name.what === 'tile' ? tileAddress(name.name) : thumbnailAddress(name.name)
}

test('what the page writes is read as it was meant', () => {
  fc.assert(
    fc.property(names, sides, places, (name, side, place) => {
      assert.deepEqual(pictureName(thumbnailAddress(name)), { what: 'thumb', name })
      assert.deepEqual(pictureName(tileAddress(name)), { what: 'tile', name })
      assert.deepEqual(pictureName(largeAddress(name, side)), { what: 'large', name, side })
      assert.deepEqual(pictureName(partAddress(name, place)), { what: 'part', name, ...place })
    })
  )
})

// Bits of addresses, escapes and paths, so that chance comes near to what might pass.
const bits = fc.constantFrom(
  ...['photo:', 'PHOTO:', '//', '/', '\\', 'thumb', 'tile', 'large', 'part', '-', '720', '..', '%2e', '%2f', '%00', '\0', '\n'],
  ...['?', '#', '@', ':', '0', '1', '9', 'a', 'f', 'g', 'A', '.jpg', '\u0661', 'ab'.repeat(16)]
)
const anything = fc.oneof(
  fc.string(),
  fc.array(bits, { maxLength: 40 }).map((parts) => parts.join('')),
  fc.array(bits, { maxLength: 12 }).map((parts) => `photo://thumb/${parts.join('')}`),
  fc.array(bits, { maxLength: 12 }).map((parts) => `photo://large/${parts.join('')}`),
  fc.array(bits, { maxLength: 12 }).map((parts) => `photo://part/${parts.join('')}`)
)

test('whatever is read is one of the four forms, and only one way to write it', () => {
  fc.assert(
    fc.property(anything, (address) => {
      const name = pictureName(address)
      if (name) assert.equal(written(name), address)
    }),
    { numRuns: 2000 }
  )
})

test('one letter put into, taken from or changed in an address makes it another or none', () => {
  fc.assert(
    fc.property(addresses, fc.nat(), bits, fc.nat(2), (address, at, letters, change) => {
      const place = at % (address.length + 1)
      const rest = address.slice(place + (change === 0 ? 0 : 1))
      const changed = address.slice(0, place) + (change === 2 ? '' : letters) + rest
      const name = pictureName(changed)
      if (name) assert.equal(written(name), changed)
    }),
    { numRuns: 2000 }
  )
})

test('a name that is read lies in the folder of thumbnails, two levels deep', () => {
  fc.assert(
    fc.property(anything, names, (address, name) => {
      for (const each of [address, thumbnailAddress(name)]) {
        const read = pictureName(each)
        if (!read || read.what === 'large' || read.what === 'part') continue
        const path = join('/library/thumbnails', thumbnailFile(read.name))
        assert.ok(isInside(path, '/library/thumbnails'), path)
        assert.match(path, /^\/library\/thumbnails\/[0-9a-f]{2}\/[0-9a-f]{32}\.jpg$/)
      }
    })
  )
})
