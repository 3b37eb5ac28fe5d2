// What the system refuses to the program rather than of a photo: a thumbnails folder that cannot be
// written, no more open files, a backbone whose file was changed. Real refusals; no photo fails,
// and work goes on by itself.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, copyFileSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../../main/engine/api.ts'
import { createEngine } from '../../main/engine/engine.ts'
import { atEnd } from '../support/endings.ts'
import { superviseCompute } from '../support/compute.ts'
import type { Supervised } from '../support/compute.ts'
import { makePhotos } from '../support/photos.ts'
import { NO_SMALL_DISK, smallDisk } from '../support/small-disk.ts'
import { SOON, isWell, whenProgress } from '../support/waiting.ts'

const PHOTOS = 20
const BACKBONES = 'model/backbones'
/**
 * Compute lets go of a backbone that nobody needs after 5 s, and opens its file anew then. Nobody
 * tells when it has: on a machine that does much else a process may come to it seconds later.
 */
const BACKBONE_RESTS = 12_000

const home = mkdtempSync(join(tmpdir(), 'kindred-refusals-'))
const photos = join(home, 'photos')
const more = join(home, 'more')
before(async () => {
  await makePhotos(photos, PHOTOS, { seed: 11, size: 64 })
  await makePhotos(more, PHOTOS, { seed: 12, size: 64 })
})
after(() => rmSync(home, { recursive: true, force: true }))

async function opened(
  context: TestContext,
  library: string,
  backbones?: string
): Promise<{ engine: Engine; compute: Supervised }> {
  const engine = await createEngine({ library, watch: false, settle: 0, spacing: SOON })
  const compute = await superviseCompute((port) => engine.attachCompute(port), backbones)
  atEnd(context, async () => {
    await engine.close()
    await compute.stop()
  })
  return { engine, compute }
}

/** Photos wait for this, and none failed; and when `mend` was called all are indexed. */
async function passes(
  engine: Engine,
  kind: string,
  about: string,
  mend: () => void
): Promise<void> {
  const { waits } = await whenProgress(engine, (progress) => progress.waits.length > 0)
  assert.deepEqual(
    waits.map(({ fault }) => [fault.kind, fault.about]),
    [[kind, about]],
    'told once'
  )
  assert.equal(engine.status().failed, 0)
  mend()
  await whenProgress(engine, isWell)
  await engine.idle()
  const { photos: all, indexed, failed } = engine.status()
  assert.deepEqual([indexed, failed], [all, 0])
}

test('thumbnails that cannot be written', { skip: NO_SMALL_DISK }, async (context) => {
  const library = join(home, 'read-only')
  const disk = smallDisk(context, join(library, 'thumbnails'), 2 ** 24)
  const { engine } = await opened(context, library)
  disk.close(true)
  await engine.addFolder(photos)
  await passes(engine, 'read-only', 'library', () => disk.close(false))
  assert.equal(engine.status().indexed, PHOTOS)
})

const skip = process.platform === 'linux' ? false : 'limits of another process are set on Linux only'
test('no more files can be opened', { skip }, async (context) => {
  const { engine, compute } = await opened(context, join(home, 'open-files'))
  const limit = (files: number): void =>
    void execFileSync('prlimit', ['--pid', `${compute.pid}`, `--nofile=${files}:`])
  limit(3) // fewer than it has open
  await engine.addFolder(photos)
  await passes(engine, 'system-busy', 'program', () => limit(512))
  assert.equal(engine.status().indexed, PHOTOS)
})

test('a backbone whose file was changed meanwhile', async (context) => {
  const backbones = join(home, 'backbones')
  cpSync(BACKBONES, backbones, { recursive: true })
  const { engine } = await opened(context, join(home, 'backbone'), backbones)
  await engine.addFolder(photos)
  await engine.idle()
  await sleep(BACKBONE_RESTS)
  // Which of them describes the library is the processor's choice.
  const files = readdirSync(backbones).filter((name) => name.endsWith('.onnx'))
  for (const file of files) appendFileSync(join(backbones, file), 'x')
  await engine.addFolder(more)
  await passes(engine, 'bad-model', 'program', () => {
    for (const file of files) copyFileSync(join(BACKBONES, file), join(backbones, file))
  })
  assert.equal(engine.status().indexed, 2 * PHOTOS)
})
