// ONNX Runtime's telemetry is off: where it is on, the first session leaves files of it (`.ses`,
// `mat-debug-*.log`) in the folder for temporary files and a data base in the home folder, and asks
// for the address of a server (findings/onnxruntime-telemetry.sh).
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import test from 'node:test'
import { temporaryFolder } from '../../support/library.ts'
import { TYPESCRIPT } from '../../support/typescript.ts'

const SESSION = pathToFileURL(join(import.meta.dirname, '../../../model/runtime/session.ts')).href

test('a session leaves nothing of telemetry', (context) => {
  const folder = join(temporaryFolder(context), 'temporary')
  mkdirSync(folder)
  const program = `import('${SESSION}').then(async (module) => {
    const { runsHere } = module.default ?? module // as tsx hands it out
    if ((await runsHere('cpu')) !== true) process.exit(1)
  })`
  const { ORT_DISABLE_TELEMETRY: _, ...env } = process.env
  const run = spawnSync(process.execPath, [...TYPESCRIPT, '--eval', program], {
    encoding: 'utf8',
    env: { ...env, TMPDIR: folder, HOME: folder }
  })
  assert.equal(run.status, 0, run.stderr)
  const left = readdirSync(folder).filter((name) => !name.startsWith('tsx-')) // tsx's own cache
  assert.deepEqual(left, [])
})
