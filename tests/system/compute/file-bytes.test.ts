// How many bytes of photos compute holds at once, on large files, which are mostly holes.
import assert from 'node:assert/strict'
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { openBackbone } from '../../../main/compute/backbone-folder.ts'
import { Pipeline } from '../../../main/compute/pipeline.ts'
import { Stopwatch } from '../../../main/compute/stopwatch.ts'
import { corrupt, type Decode } from '../../../main/decode/decoder.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { temporaryFolder } from '../../support/electron.ts'

const MEGABYTE = 2 ** 20
/** A while in which more files would be read, if they were. */
const QUIET_MILLISECONDS = 300

/** Files that begin like a JPEG, of so many megabytes. */
function makeFiles(folder: string, sizes: readonly number[]): string[] {
  return sizes.map((size, i) => {
    const path = join(folder, `${i} ${size}.jpg`)
    writeFileSync(path, Buffer.from([0xff, 0xd8, 0xff]))
    truncateSync(path, size * MEGABYTE)
    return path
  })
}

test('files wait for room before they are read; who is waited for goes first', async (t) => {
  const folder = temporaryFolder(t, 'large')
  const [nearlyAll, small, moreThanAll, asked] = makeFiles(folder, [190, 3, 193, 1]) // of 192
  assert.ok(nearlyAll && small && moreThanAll && asked)

  // A decoder that holds what it gets until it is to refuse it.
  const held: { size: number; refuse: () => void }[] = []
  let arrived: () => void = () => undefined
  const decode: Decode = ({ bytes, subject }) =>
    new Promise((_resolve, reject) => {
      const size = bytes.length / MEGABYTE
      held.push({ size, refuse: () => reject(corrupt(subject, 'let go')) })
      arrived()
    })
  const untilHeld = async (count: number): Promise<number[]> => {
    while (held.length < count) await new Promise<void>((resolve) => (arrived = resolve))
    await setTimeout(QUIET_MILLISECONDS)
    return held.map(({ size }) => size)
  }

  const backbone = await openBackbone('model/backbones')
  const pipeline = new Pipeline(backbone.card, decode, new Stopwatch())
  t.after(async () => {
    await pipeline.end()
    await backbone.dispose()
  })
  const { signal } = new AbortController()
  const isLetGo = (error: unknown): boolean => isFault(error, 'corrupt-photo')
  const describe = (path: string): Promise<void> =>
    assert.rejects(pipeline.describe(backbone, { path }, folder, () => undefined, signal), isLetGo)

  const work = [describe(nearlyAll)]
  assert.deepEqual(await untilHeld(1), [190])
  work.push(describe(small), describe(moreThanAll))
  let isDated = false
  const dated = pipeline.date(moreThanAll, null, signal).finally(() => (isDated = true))
  assert.deepEqual(await untilHeld(1), [190])
  assert.equal(isDated, false, 'who wants only the date waits, too')
  work.push(assert.rejects(pipeline.embed(backbone, { path: asked }, null, signal), isLetGo))
  assert.deepEqual(await untilHeld(2), [190, 1])
  for (const { refuse } of held.splice(0)) refuse()
  const later: number[] = []
  for (let i = 0; i < 2; i++) {
    const sizes = await untilHeld(1)
    assert.equal(sizes.length, 1, `${sizes.join(' and ')} at once`)
    later.push(...sizes)
    held.shift()?.refuse()
  }
  assert.deepEqual(new Set(later), new Set([3, 193]))
  await Promise.all(work)
  assert.deepEqual(await dated, { date: null, ahead: null, facts: null, holds: null })
})
