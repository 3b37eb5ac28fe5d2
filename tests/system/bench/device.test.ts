// The pack of the device bench runs on a machine that has nothing: no path, no home, no npm,
// another folder. Its first part alone: the others measure.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { temporaryFolder } from '../../support/library.ts'
import { MOST, pack } from '../../bench/device/pack.ts'

test('a pack of 64 MiB says what computes, with nothing of this machine', async (context) => {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return context.skip('it is packed on Linux for x64')
  const folder = temporaryFolder(context)
  const size = await pack(join(folder, 'packed'), false)
  assert.ok(size <= MOST, `${size} bytes`)
  cpSync(join(folder, 'packed'), join(folder, 'moved'), { recursive: true })
  const work = join(folder, 'work')
  mkdirSync(work)
  const run = spawnSync('/bin/sh', [join(folder, 'moved/run'), 'devices'], {
    encoding: 'utf8',
    cwd: '/',
    env: { TMPDIR: work }
  })
  assert.equal(run.status, 0, run.stderr)
  assert.match(run.stdout, /ONNX Runtime \d+\.\d+\.\d+ with cpu, webgpu/)
  assert.match(run.stdout, /^ {2}cpu: runs$/m)
  assert.match(run.stdout, /^ {2}webgpu: (runs|Failed to get a WebGPU adapter)/m)
  assert.deepEqual(readdirSync(work), [], 'it leaves nothing behind')
})
