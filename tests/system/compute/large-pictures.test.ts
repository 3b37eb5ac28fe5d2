// Large pictures on the whole way through compute: a photo is decoded once for all its tiles, and
// not again for tiles that it does not have.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { openBackbone } from '../../../main/compute/backbone-folder.ts'
import { LargePictures } from '../../../main/compute/large-pictures.ts'
import { Pipeline } from '../../../main/compute/pipeline.ts'
import { Stopwatch } from '../../../main/compute/stopwatch.ts'
import type { LargePictureDecoder } from '../../../main/decode/decoder.ts'
import { sharpDecoder } from '../../../main/decode/node-large.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { temporaryFolder } from '../../support/electron.ts'
import { picture } from '../../support/pictures.ts'

test('a photo is decoded once for its tiles, and not for those that it has not', async (t) => {
  const backbone = await openBackbone('model/backbones')
  const pipeline = new Pipeline(backbone.card, sharpDecoder.decode, new Stopwatch())
  t.after(async () => {
    await pipeline.end()
    await backbone.dispose()
  })
  const path = join(temporaryFolder(t, 'large'), 'photo.jpg')
  const bytes = await picture(1300, 900).jpeg().toBuffer()
  writeFileSync(path, bytes)
  const file = { path, hash: createHash('sha256').update(bytes).digest('hex') }
  let held = 0
  const decoder: LargePictureDecoder = {
    ...sharpDecoder,
    hold(...asked) {
      held++
      return sharpDecoder.hold(...asked)
    }
  }
  const large = new LargePictures(pipeline.reader, decoder)
  const { signal } = new AbortController()
  const part = (column: number) => large.part(file, { level: 0, column, row: 0 }, signal)
  const tiles = await Promise.all([part(0), part(1), part(2)])
  assert.ok(tiles.every((tile) => tile[0] === 0xff && tile[1] === 0xd8), 'JPEGs')
  assert.equal(held, 1)
  for (let times = 0; times < 3; times++)
    await assert.rejects(part(3), (error) => isFault(error, 'not-found'))
  assert.equal(held, 1, 'it is held, and has no such tile')
})
