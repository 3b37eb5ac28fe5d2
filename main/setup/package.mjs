// `npm run package`: makes the packages that are given to people, into dist/, and tells their sizes.
// Set-up; electron-builder. With --test-runtime alone it makes the same with the test runtime, into
// a folder and under names that say so: for trying, never for people.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuild } from './build.mjs'
import { ensurePackaging } from './debian.mjs'
import { ROOT, SetupError, outputOf, runScript, say } from './machine.mjs'
import { ensureModules } from './modules.mjs'
import { makeAppImageTools } from './packages/appimage.mjs'
import { makeIcons } from './packages/icons.mjs'
import { RELEASE } from './packaging.mjs'
import { TEST_RUNTIME, ensureOwnRuntime, ensureTestRuntime } from './runtime.mjs'

const PLATFORMS = { linux: 'linux', win32: 'win', darwin: 'mac' }
const USAGE = `npm run package [-- options]
  --targets deb,tar.gz   only these; dir is the unpacked app (default: all of this system)
  --arch arm64           for this processor (default: this machine's)
  --output FOLDER        default: dist
  --release              for people: never with --test-runtime
  --test-runtime         for trying: with the old Electron of the tests, into dist/test-runtime
  --fast                 packs lightly or not at all: larger files, sooner`

function optionsOf(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        targets: { type: 'string' },
        arch: { type: 'string', default: process.arch },
        output: { type: 'string' },
        release: { type: 'boolean', default: false },
        'test-runtime': { type: 'boolean', default: false },
        fast: { type: 'boolean', default: false }
      }
    })
    return values
  } catch (error) {
    throw new SetupError(`${error.message}\n${USAGE}`)
  }
}

/** The same with the test runtime in it. Such a package is never given away, and says so. */
function forTesting(config, runtime) {
  return {
    ...config,
    directories: { ...config.directories, output: 'dist/test-runtime' },
    artifactName: config.artifactName.replace('${version}', '${version}-test-runtime'),
    electronDist: runtime.folder,
    electronVersion: TEST_RUNTIME.version
  }
}

/** Where electron-builder finds its tools, so that it fetches none. */
async function environmentOf({ targets, isTest, fast }, work) {
  const environment = { CUSTOM_FPM_PATH: join(ROOT, 'main/setup/packages/fpm.mjs') }
  if (fast) environment.ELECTRON_BUILDER_COMPRESSION_LEVEL = '1' // fpm.mjs heeds it, too
  if (process.platform !== 'linux') return environment
  if (targets.includes('tar.gz'))
    environment.ELECTRON_BUILDER_7ZIP_PATH = await outputOf('which', ['7za'])
  if (targets.includes('AppImage') && isTest) {
    say('the AppImage begins with a stand-in for its runtime, which needs unsquashfs: for trying')
    environment.APPIMAGE_TOOLS_PATH = join(work, 'appimage')
    await makeAppImageTools(environment.APPIMAGE_TOOLS_PATH, fast)
  }
  return environment
}

function tellSizes(files) {
  for (const file of files) {
    const megabytes = (statSync(file).size / 1e6).toFixed(1).padStart(7)
    console.log(`${megabytes} MB  ${relative(ROOT, file).startsWith('..') ? file : relative(ROOT, file)}`)
  }
}

/** @throws {SetupError} only another Electron than the pinned one is to be had. */
async function ensureReleased() {
  const runtime = await ensureOwnRuntime()
  if (runtime?.origin === 'pinned') return runtime
  const reason = runtime
    ? 'ELECTRON_OVERRIDE_DIST_PATH names another one: unset it'
    : 'it cannot be downloaded from here: set ELECTRON_MIRROR to a place that has it'
  throw new SetupError(
    `packages for people are made of the pinned Electron alone, and ${reason}.\n` +
      'To try a package out, with an old Chromium in it: npm run package -- --test-runtime'
  )
}

async function makePackage(args) {
  const options = optionsOf(args)
  if (options.release && options['test-runtime'])
    throw new SetupError('--release is for people, and --test-runtime is not: expected one of them')
  const platform = PLATFORMS[process.platform]
  if (!platform) throw new SetupError(`there are no packages for ${process.platform}`)
  const known = RELEASE[platform].target.map(({ target }) => target)
  const targets = options.targets?.split(',') ?? known
  for (const target of targets)
    if (target !== 'dir' && !known.includes(target))
      throw new SetupError(`--targets ${target}: expected some of dir, ${known.join(', ')}`)
  await ensureModules()
  const isTest = options['test-runtime']
  const runtime = isTest ? await ensureTestRuntime() : await ensureReleased()
  await ensurePackaging(targets)
  await ensureBuild()
  await makeIcons(join(ROOT, 'out/icons'))
  const config = isTest ? forTesting(RELEASE, runtime) : RELEASE
  const output = resolve(options.output ?? config.directories.output)
  const work = mkdtempSync(join(tmpdir(), 'kindred-package-'))
  try {
    Object.assign(process.env, await environmentOf({ ...options, targets, isTest }, work))
    const { Arch, Platform, build } = await import('electron-builder')
    const builtFor = { linux: Platform.LINUX, win: Platform.WINDOWS, mac: Platform.MAC }[platform]
    const files = await build({
      projectDir: ROOT,
      publish: 'never',
      targets: builtFor.createTarget(targets, Arch[options.arch]),
      config: { ...config, directories: { ...config.directories, output } }
    })
    tellSizes(files)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return 0
}

await runScript(makePackage)
