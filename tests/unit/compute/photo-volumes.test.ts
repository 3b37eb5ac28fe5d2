// Reading a photo that nobody wants any more: who asked hears it at once, the disk owes it still.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { PhotoVolumes } from '../../../main/compute/disk/photo-volumes.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { temporaryFolder } from '../../support/library.ts'

test('a reading that was stopped is out until the disk answers it', async (context) => {
  const path = join(temporaryFolder(context), 'a.jpg')
  const volumes = new PhotoVolumes()
  const stop = new AbortController()
  let answer: () => void = () => undefined
  const hanging = new Promise<void>((resolve) => (answer = resolve))
  const read = volumes.read(path, 0, () => hanging, stop.signal)
  await sleep(0)
  stop.abort()
  await assert.rejects(read, (error) => isFault(error, 'cancelled'))

  let unanswered: number | undefined
  const closed = volumes.close().then((count) => (unanswered = count))
  await sleep(50)
  assert.equal(unanswered, undefined, 'it is waited for')
  answer()
  assert.equal(await closed, 0)
})

test('a reading that was stopped before its turn does not begin', async (context) => {
  const path = join(temporaryFolder(context), 'a.jpg')
  const volumes = new PhotoVolumes()
  const begun = (): Promise<void> => Promise.reject(new Error('it began'))
  const read = volumes.read(path, 0, begun, AbortSignal.abort())
  await assert.rejects(read, (error) => isFault(error, 'cancelled'))
})
