// Large pictures, by engine and compute: of photos of the library by what is in them, whole and in
// tiles, and of nothing else.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import sharp from 'sharp'
import { createEngine } from '../../../main/engine/engine.ts'
import { connect } from '../../../main/wire/channel.ts'
import { engineControlContract } from '../../../main/wire/engine-contract.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { portPair } from '../../../main/wire/port.ts'
import { superviseCompute } from '../../support/compute.ts'
import { temporaryFolder } from '../../support/electron.ts'
import { meanDifference, picture } from '../../support/pictures.ts'

const [WIDTH, HEIGHT] = [1300, 900]

/** By what a photo's pictures are asked for. */
function nameOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 32)
}

async function pixelsOf(jpeg: Uint8Array): Promise<Buffer> {
  return sharp(jpeg).removeAlpha().raw().toBuffer()
}

test('large pictures', async (t) => {
  const home = temporaryFolder(t, 'large')
  const photos = join(home, 'photos')
  mkdirSync(photos)
  const path = join(photos, 'large.jpg')
  await picture(WIDTH, HEIGHT).jpeg({ quality: 95 }).toFile(path)
  const other = join(photos, 'other.png')
  await picture(400, 300, 7).png().toFile(other)
  writeFileSync(join(photos, 'broken.jpg'), 'no photo')
  const engine = await createEngine({ library: join(home, 'library'), watch: false, settle: 0 })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  t.after(async () => {
    await engine.close()
    await compute.stop()
  })
  const [ours, theirs] = portPair()
  engine.serveControl(theirs)
  const control = connect(ours, engineControlContract)
  await control.call('addFolder', { path: photos })
  await engine.idle()
  const name = nameOf(path)

  await t.test('of a whole photo, and of its parts at each level', async () => {
    const { bytes } = await control.call('large', { name, side: 720 })
    const { width, height, format } = await sharp(bytes).metadata()
    assert.deepEqual([width, height, format], [1040, 720, 'jpeg'])
    const whole = sharp(path).removeAlpha()
    for (const [level, columns, rows] of [[0, 3, 2], [1, 2, 1]] as const)
      for (let column = 0; column < columns; column++)
        for (let row = 0; row < rows; row++) {
          const part = await control.call('part', { name, level, column, row })
          const tile = await sharp(part.bytes).metadata()
          const [wide, high] = [Math.ceil(WIDTH / 2 ** level), Math.ceil(HEIGHT / 2 ** level)]
          const box = { left: 512 * column, top: 512 * row }
          const size = {
            width: Math.min(512, wide - box.left),
            height: Math.min(512, high - box.top)
          }
          assert.deepEqual({ width: tile.width, height: tile.height }, size)
          const level0 = await whole.clone().resize(wide, high).png().toBuffer()
          const expected = await sharp(level0).extract({ ...box, ...size }).raw().toBuffer()
          const difference = meanDifference(await pixelsOf(part.bytes), expected)
          assert.ok(difference < 4, `${level}-${column}-${row} is off by ${difference}`)
        }
  })

  await t.test('a tile that a photo does not have is not found', async () => {
    for (const place of [
      { level: 0, column: 3, row: 0 },
      { level: 0, column: 0, row: 2 },
      { level: 9, column: 0, row: 0 }
    ])
      await assert.rejects(control.call('part', { name, ...place }), (error) =>
        isFault(error, 'not-found')
      )
  })

  await t.test('only of photos of the library that were read', async () => {
    const outside = join(home, 'outside.png')
    await picture(300, 200, 9).png().toFile(outside)
    for (const path of [outside, join(photos, 'broken.jpg')])
      await assert.rejects(control.call('large', { name: nameOf(path), side: 720 }), (error) =>
        isFault(error)
      )
  })

  await t.test('of a copy, where the first cannot be read', async () => {
    const copy = join(photos, 'copy.jpg')
    copyFileSync(path, copy)
    await engine.rescan()
    await engine.idle()
    rmSync(path)
    assert.ok((await control.call('large', { name, side: 720 })).bytes.length > 0)
    copyFileSync(copy, path)
  })

  await t.test('not of a file, or what a link leads to, that has another content by now', async () => {
    const former = nameOf(other)
    rmSync(other)
    const secret = join(home, 'secret.png')
    await picture(500, 300, 3).png().toFile(secret)
    for (const replace of [
      () => writeFileSync(other, readFileSync(secret)),
      () => symlinkSync(secret, other)
    ]) {
      rmSync(other, { force: true })
      replace()
      const isNotFound = (error: unknown): boolean => isFault(error, 'not-found')
      await assert.rejects(control.call('large', { name: former, side: 720 }), isNotFound)
      const place = { level: 0, column: 0, row: 0 }
      await assert.rejects(control.call('part', { name: former, ...place }), isNotFound)
    }
  })
})
