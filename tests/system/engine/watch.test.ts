// Watching a real disk: what happens in a folder reaches the catalogue by itself; one watch a
// directory; limits of the system are told and end nothing.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../../../main/engine/api.ts'
import { createEngine } from '../../../main/engine/engine.ts'
import { watchFolder } from '../../../main/engine/folders/watch.ts'
import { connect } from '../../../main/wire/channel.ts'
import { engineContract } from '../../../main/wire/engine-contract.ts'
import { portPair } from '../../../main/wire/port.ts'
import { temporaryFolder } from '../../support/library.ts'
import { until } from '../../support/until.ts'
import { TYPESCRIPT } from '../../support/typescript.ts'

const CAN_COUNT = existsSync('/proc/self/fdinfo')

/** How many directories this process watches, its threads among it; Linux only. */
function watches(): number {
  return readdirSync('/proc/self/fd')
    .map((fd) =>
      existsSync(`/proc/self/fdinfo/${fd}`) ? readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8') : ''
    )
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('inotify')).length
}

/** An engine without compute that watches a folder with two photos. */
async function watched(
  context: TestContext,
  settle = 300
): Promise<{ engine: Engine; root: string }> {
  const root = temporaryFolder(context)
  mkdirSync(join(root, 'a'))
  for (const name of ['1.jpg', 'a/2.jpg']) put(root, name)
  const before = CAN_COUNT ? watches() : 0
  const engine = await createEngine({ library: temporaryFolder(context), settle })
  context.after(() => engine.close())
  await engine.addFolder(root)
  await until('both to have settled', () => engine.status().photos === 2)
  // chokidar has no word for: every directory is watched now
  if (CAN_COUNT) await until('both directories to be watched', () => watches() >= before + 2)
  else await sleep(500)
  return { engine, root }
}

/** A photo that seems to have been written long ago, as copies do. */
function put(root: string, name: string): void {
  writeFileSync(join(root, name), name)
  utimesSync(join(root, name), 1e9, 1e9)
}

test('files that come, change, move and go are noticed', async (context) => {
  const { engine, root } = await watched(context)
  const has = (name: string): number | undefined => engine.idOf(join(root, name))
  put(root, 'a/new.jpg')
  await until('a new file', () => has('a/new.jpg') !== undefined)
  const id = has('a/new.jpg')
  renameSync(join(root, 'a/new.jpg'), join(root, 'moved.jpg'))
  await until('a move', () => has('moved.jpg') === id)
  assert.equal(has('a/new.jpg'), undefined)
  rmSync(join(root, 'moved.jpg'))
  await until('a file that goes', () => has('moved.jpg') === undefined)
  assert.equal(engine.status().photos, 2)
})

test('folders that come with files in them, are renamed and go are noticed', async (context) => {
  const { engine, root } = await watched(context)
  const has = (name: string): number | undefined => engine.idOf(join(root, name))
  mkdirSync(join(root, 'n/m'), { recursive: true })
  put(root, 'n/m/3.jpg')
  await until('a file in a new folder', () => has('n/m/3.jpg') !== undefined)
  const id = has('n/m/3.jpg')
  renameSync(join(root, 'n'), join(root, 'N'))
  await until('a renamed folder', () => has('N/m/3.jpg') === id)
  put(root, 'N/m/4.jpg')
  await until('a file in a renamed folder', () => has('N/m/4.jpg') !== undefined)
  rmSync(join(root, 'N'), { recursive: true })
  await until('a folder that goes', () => engine.status().photos === 2)
})

test('a file that grows is taken when it stands still', async (context) => {
  const settle = 2500
  const { engine, root } = await watched(context, settle)
  const path = join(root, 'growing.jpg')
  writeFileSync(path, '')
  let longest = 0
  for (let i = 0; i < 8; i++) {
    appendFileSync(path, 'more and more')
    const from = Date.now()
    await sleep(150)
    const known = engine.idOf(path)
    longest = Math.max(longest, Date.now() - from)
    // A machine that does much else may let it stand still for so long here.
    if (longest < settle / 2) assert.equal(known, undefined, 'not while it grows')
  }
  await until('the grown file', () => engine.idOf(path) !== undefined)
})

test('a folder that is unplugged keeps its photos and is looked at again', async (context) => {
  const { engine, root } = await watched(context)
  const [far, near] = portPair()
  engine.servePage(near)
  const page = connect(far, engineContract)
  const present = async (): Promise<boolean | undefined> =>
    (await page.call('library', {})).folders[0]?.present
  const away = join(temporaryFolder(context), 'away')
  renameSync(root, away)
  await engine.rescan()
  assert.deepEqual([await present(), engine.status().photos], [false, 2])
  renameSync(away, root)
  put(root, 'new.jpg')
  await engine.rescan()
  assert.equal(await present(), true)
  await until('the new file to have settled', () => engine.status().photos === 3)
  put(root, 'newer.jpg')
  await until('a watch again', () => engine.idOf(join(root, 'newer.jpg')) !== undefined)
})

test('one watch a directory, none a file', async (context) => {
  if (!CAN_COUNT) return context.skip('watches can be counted on Linux only')
  const root = temporaryFolder(context)
  for (let i = 0; i < 20; i++) {
    mkdirSync(join(root, `${i}`))
    for (let j = 0; j < 30; j++) put(root, `${i}/${j}.jpg`)
  }
  const before = watches()
  const watch = watchFolder(root, () => false, {
    onHint: () => undefined,
    onTrouble: (reason) => assert.fail(reason)
  })
  await until('all directories to be watched', () => watches() >= before + 21)
  await sleep(500)
  assert.equal(watches(), before + 21)
  await watch.close()
})

test('when the system allows no more watches, that is told and nothing ends', (context) => {
  const root = temporaryFolder(context)
  for (let i = 0; i < 30; i++) mkdirSync(join(root, `${i}`))
  // A user namespace of its own has limits of its own.
  const limit = 'echo 8 > /proc/sys/user/max_inotify_watches'
  if (spawnSync('unshare', ['-r', 'sh', '-c', limit]).status !== 0)
    return context.skip('needs user namespaces, to set a limit for one process alone')
  const watch = `exec "$0" ${TYPESCRIPT.join(' ')} tests/support/watch-child.ts "$1"`
  const child = spawnSync(
    'unshare',
    ['-r', 'sh', '-c', `${limit}; ${watch}`, process.execPath, root],
    {
      encoding: 'utf8'
    }
  )
  assert.deepEqual(
    [child.status, child.stdout.trim()],
    [0, '["the system allows no more watches"]'],
    child.stderr
  )
})
