// RAWs are read without what their sensor measured, and are the same files for it: same hash, same
// preview as the whole has.
import assert from 'node:assert/strict'
import { createHash, randomFillSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { readHashed, type HashedPhoto } from '../../../main/compute/hashed-photo.ts'
import { rawPreview } from '../../../main/decode/raw-preview.ts'
import { temporaryFolder } from '../../support/electron.ts'
import { exifTiff } from '../../support/exif.ts'
import { picture } from '../../support/pictures.ts'
import { captureDate } from '../../support/found-date.ts'

const MEGABYTE = 2 ** 20
const SIZE = { width: 2400, height: 1600 }

interface Raw {
  file: Buffer
  begin: number
  end: number
}

/** Previews before and behind sensor data, which ends so many bytes after it is said to. */
function rawOf(sensor: Buffer, before: Buffer[], behind: Buffer[], wrong = 0): Raw {
  const headed = (at: number): Buffer =>
    exifTiff({ ...SIZE, sensor: { at, bytes: sensor.length - wrong } })
  const begin = [headed(0), ...before].reduce((sum, { length }) => sum + length, 0)
  const file = Buffer.concat([headed(begin), ...before, sensor, ...behind])
  return { file, begin, end: begin + sensor.length - wrong }
}

async function read(folder: string, file: Buffer, mayPassBy = true): Promise<HashedPhoto> {
  const path = join(folder, 'a.dng')
  writeFileSync(path, file)
  const read = await readHashed(path, () => undefined, mayPassBy)
  assert.equal(read.hash, createHash('sha256').update(file).digest('hex'))
  assert.equal(read.bytes.length, file.length)
  return read
}

test('sensor data is hashed and not kept; the preview is that of the whole', async (t) => {
  const folder = temporaryFolder(t, 'hashed')
  const small = await picture(480, 320).jpeg().toBuffer()
  const large = await picture(SIZE.width, SIZE.height).jpeg().toBuffer()
  const sensor = randomFillSync(Buffer.alloc(3 * MEGABYTE + 12_345))
  small.copy(sensor, MEGABYTE) // no preview: it lies within what was measured
  for (const [before, behind] of [[[small, large], []], [[small], [large]], [[], [large, small]]]) {
    const { file, begin, end } = rawOf(sensor, before!, behind!)
    const { bytes, isWhole } = await read(folder, file)
    assert.equal(isWhole, false)
    assert.deepEqual(bytes.subarray(0, begin), new Uint8Array(file.subarray(0, begin)))
    assert.deepEqual(bytes.subarray(end), new Uint8Array(file.subarray(end)))
    assert.equal(bytes.subarray(begin, end).some((value) => value !== 0), false)
    for (const shortSide of [256, Infinity]) {
      const found = rawPreview(bytes, shortSide)
      assert.deepEqual(found, rawPreview(file, shortSide))
      assert.deepEqual(found?.whole, SIZE)
    }
    assert.deepEqual(captureDate(bytes), captureDate(file))
    const whole = await read(folder, file, false)
    assert.deepEqual([whole.isWhole, Buffer.from(whole.bytes).equals(file)], [true, true])
  }
})

test('a file that is told wrongly, or whose sensor data is short, is kept whole', async (t) => {
  const folder = temporaryFolder(t, 'hashed')
  const small = await picture(480, 320).jpeg().toBuffer()
  const files = {
    short: rawOf(Buffer.alloc(MEGABYTE / 2, 7), [small], []).file,
    'beyond the end': rawOf(Buffer.alloc(2 * MEGABYTE, 7), [small], [], -1).file,
    'no TIFF': Buffer.concat([Buffer.from('IIU\0'), Buffer.alloc(2 * MEGABYTE, 7)])
  }
  for (const [name, file] of Object.entries(files)) {
    const { isWhole, bytes } = await read(folder, file)
    assert.deepEqual([isWhole, Buffer.from(bytes).equals(file)], [true, true], name)
  }
})

test('a preview within what is called sensor data is found if there is no other', async () => {
  const sensor = randomFillSync(Buffer.alloc(2 * MEGABYTE))
  const small = await picture(480, 320).jpeg().toBuffer()
  small.copy(sensor, MEGABYTE)
  assert.deepEqual(rawPreview(rawOf(sensor, [], []).file)?.whole, { width: 480, height: 320 })
})
