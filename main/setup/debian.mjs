// The system libraries that Electron needs, and what its tests need besides: a virtual screen, a
// Chromium, a file system that can be told to give errors. Set-up.
// Looks for the files, not for package names, so that any distribution passes that has them.
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { IS_ROOT, SetupError, mustRun, run, say } from './machine.mjs'

// [Debian's package, the shared library it brings]; `t64` names are those of newer releases.
const APP_LIBRARIES = [
  ['libgtk-3-0', 'libgtk-3.so.0'],
  ['libnss3', 'libnss3.so'],
  ['libasound2', 'libasound.so.2'],
  ['libgbm1', 'libgbm.so.1'],
  ['libxss1', 'libXss.so.1'],
  ['libatk-bridge2.0-0', 'libatk-bridge-2.0.so.0']
]
// libvulkan1: the software GPU on which the tests run the webgpu provider.
const TEST_LIBRARIES = [['libvulkan1', 'libvulkan.so.1']]
const TEST_COMMANDS = [
  ['xvfb', 'xvfb-run'],
  ['xauth', 'xauth'],
  ['libglib2.0-bin', 'gio'], // by which Electron moves files to the trash
  ['chromium', 'chromium'] // the decoder and the page are tested in it, beside Electron
]

// What each kind of package is made with.
const PACKAGING_COMMANDS = {
  deb: [['dpkg', 'dpkg-deb']],
  rpm: [['rpm', 'rpmbuild']],
  'tar.gz': [['p7zip-full', '7za']],
  AppImage: [
    ['squashfs-tools', 'mksquashfs'],
    ['desktop-file-utils', 'desktop-file-validate']
  ]
}

function hasCommand(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)))
}

/** What some tests mount a folder with that gives errors. */
const FOR_FAULTY_FOLDERS = 'python3-fusepy'

/**
 * Why there are no folders here that give errors: `{ why, isInstallable }`; undefined where there
 * are. Tests skip without them: a machine that cannot have them runs all others.
 */
export function faultyFoldersLack() {
  const refusal = refusalOfFuse()
  if (refusal) return { why: `/dev/fuse cannot be used: ${refusal}`, isInstallable: false }
  const module = spawnSync('/usr/bin/python3', ['-c', 'import fusepy'], { stdio: 'ignore' })
  if (module.status === 0) return undefined
  const why = `${FOR_FAULTY_FOLDERS} is missing (apt-get install ${FOR_FAULTY_FOLDERS})`
  return { why, isInstallable: IS_ROOT && hasCommand('apt-get') }
}

/** It may be there, and opening it be refused, as in containers. */
function refusalOfFuse() {
  try {
    closeSync(openSync('/dev/fuse', 'r+'))
    return undefined
  } catch (error) {
    return error.code
  }
}

function missingForMounts() {
  return faultyFoldersLack()?.isInstallable ? [FOR_FAULTY_FOLDERS] : []
}

function missingPackages(forTests) {
  const ldconfig = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' })
  if (ldconfig.status !== 0) return [] // no glibc loader to ask: Electron itself will tell
  const known = new Set(ldconfig.stdout.split('\n').map((line) => line.trim().split(' ')[0]))
  const libraries = forTests ? [...APP_LIBRARIES, ...TEST_LIBRARIES] : APP_LIBRARIES
  const commands = forTests ? TEST_COMMANDS : []
  return [
    ...libraries.filter(([, library]) => !known.has(library)),
    ...commands.filter(([, command]) => !hasCommand(command))
  ].map(([name]) => name)
}

async function installable(name) {
  const newer = `${name}t64`
  const known = spawnSync('apt-cache', ['show', newer], { stdio: 'ignore' })
  return known.status === 0 ? newer : name
}

const ENVIRONMENT = { DEBIAN_FRONTEND: 'noninteractive' }

function installation(names) {
  return ['apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names]]
}

/** Installs what one can do without; false, and a line that says so, where that does not work. */
export async function tryInstall(names, without) {
  const code = await run(...installation(names), { env: ENVIRONMENT, quiet: true })
  if (code !== 0) say(`${names.join(' ')} could not be installed: ${without}`)
  return code === 0
}

/** Installs packages, or says which line does so. */
async function ensureInstalled(names) {
  if (names.length === 0) return
  if (!IS_ROOT || !hasCommand('apt-get'))
    throw new SetupError(`system packages are missing: sudo apt-get install -y ${names.join(' ')}`)
  say(`installing ${names.join(' ')}`)
  await run('apt-get', ['update', '-qq'], { env: ENVIRONMENT, quiet: true })
  await mustRun(...installation(await Promise.all(names.map(installable))), {
    env: ENVIRONMENT,
    quiet: true
  })
}

/**
 * Makes sure that the programs are there which make packages of these kinds.
 * @param targets of electron-builder; those that need none are passed over.
 * @throws {SetupError} they are missing and cannot be installed from here.
 */
export async function ensurePackaging(targets) {
  if (process.platform !== 'linux') return
  const needed = targets.flatMap((target) => PACKAGING_COMMANDS[target] ?? [])
  await ensureInstalled(
    needed.filter(([, command]) => !hasCommand(command)).map(([name]) => name)
  )
}

/**
 * Makes sure that the system libraries are there: installs them as root on a machine with apt-get,
 * else says which line installs them.
 * @throws {SetupError} they are missing and cannot be installed from here.
 */
export async function ensureDebian({ forTests }) {
  if (process.platform !== 'linux') return
  const missing = missingPackages(forTests)
  const forMounts = forTests ? missingForMounts() : []
  await ensureInstalled(missing)
  if (forMounts.length === 0) return
  say(`installing ${forMounts.join(' ')}`)
  await run('apt-get', ['update', '-qq'], { env: ENVIRONMENT, quiet: true })
  await tryInstall(forMounts, 'tests with folders that give errors are skipped')
}
