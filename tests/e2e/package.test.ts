// Packages of the app (with the test runtime in them, since the real one may not be had here): what
// lies in them, and that each unpacked tree works: the deb indexes, learns and searches, the tar.gz
// indexes and searches, the AppImage opens a library. Fuses are set. Two minutes.
import test from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess, ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { listPackage } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { openCatalogue } from '../../main/catalogue/catalogue.ts'
import { FUSES, NATIVE, RELEASE, SHIPPED } from '../../main/setup/packaging.mjs'
import { beginShortRun } from '../support/begun-run.ts'
import { NO_SANDBOX, ROOT, openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import { atEnd } from '../support/endings.ts'
import type { Ending } from '../support/endings.ts'
import { QUICK } from '../support/learning.ts'
import { NOBODY, environmentOfNobody, makeHome } from '../support/nobody.ts'
import {
  debuggable,
  digestsBelow,
  fieldsOf,
  installedWith,
  librariesOf,
  makePackages,
  packagesOf,
  unpackDeb
} from '../support/packages.ts'
import { makePhotos } from '../support/photos.ts'
import { SHARED_PHOTOS, copyViewed } from '../support/shared-library.ts'
import { until } from '../support/until.ts'

const ON = '1'.charCodeAt(0)
const OFF = '0'.charCodeAt(0)
const IS_ROOT = process.getuid?.() === 0
const ROOT_ONLY = 'only root can start a program as another user'
const REFUSAL = /kindred: Kindred does not open photos without/
const IS_HERE = process.platform === 'linux' && process.arch === 'x64'
const ELSEWHERE = IS_HERE ? false : 'the test runtime is for Linux x64'
/** Photos that the deb indexes, beside those of the shared library, which it learns from, too. */
const MORE = 12

/** Tells whether a program has ended; at the end of the test it is killed, or its whole group. */
function watched(t: Ending, started: ChildProcess, target = started.pid ?? 0): () => boolean {
  let isOver = false
  started.once('close', () => (isOver = true))
  atEnd(t, () => {
    if (!isOver) process.kill(target, 'SIGKILL')
  })
  return () => isOver
}

test('a release holds neither the test runtime nor anything that is not needed', () => {
  assert.equal('electronDist' in RELEASE, false)
  assert.equal('electronVersion' in RELEASE, false)
  assert.equal(RELEASE.asar, true)
  assert.deepEqual(SHIPPED, [
    '@photostructure/sqlite',
    'long',
    'node-addon-api',
    'node-gyp-build',
    'onnxruntime-common',
    'onnxruntime-node',
    'protobufjs'
  ])
  assert.deepEqual(FUSES, {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false
  })
})

test('packages are made, hold what they should, and work', { skip: ELSEWHERE }, async (t) => {
  const folder = temporaryFolder(t, 'package')
  const files = await makePackages(folder, ['AppImage', 'deb', 'rpm', 'tar.gz'])
  const fileOf = (ending: string): string => {
    const file = files.find((name) => name.endsWith(ending))
    assert.ok(file, `no ${ending} among ${files.join(', ')}`)
    return file
  }
  const deb = fileOf('.deb')
  const installed = join(folder, 'installed')
  unpackDeb(deb, installed)
  const root = join(installed, 'opt/Kindred')
  const archive = join(folder, 'archive')
  mkdirSync(archive)
  execFileSync('tar', ['-xzf', fileOf('.tar.gz'), '-C', archive, '--strip-components=1'])

  await t.test('their names say that they are for trying', () => {
    const made = files.filter((name) => /\.(AppImage|deb|rpm|tar\.gz)$/.test(name))
    assert.equal(made.length, 4)
    for (const name of made) assert.match(name, /kindred-[\d.]+-test-runtime-linux-/)
  })

  await t.test('fuses', async () => {
    const wire = await getCurrentFuseWire(join(root, 'kindred'))
    assert.equal(wire[FuseV1Options.RunAsNode], OFF)
    assert.equal(wire[FuseV1Options.EnableNodeOptionsEnvironmentVariable], OFF)
    assert.equal(wire[FuseV1Options.EnableNodeCliInspectArguments], OFF)
    assert.equal(wire[FuseV1Options.EnableEmbeddedAsarIntegrityValidation], ON)
    assert.equal(wire[FuseV1Options.OnlyLoadAppFromAsar], ON)
    assert.equal(wire[FuseV1Options.EnableCookieEncryption], ON)
    assert.equal(wire[FuseV1Options.GrantFileProtocolExtraPrivileges], OFF)
  })

  await t.test('contents', () => {
    const resources = join(root, 'resources')
    assert.equal(existsSync(join(resources, 'default_app.asar')), false)
    assert.deepEqual(
      readdirSync(join(resources, 'backbones')).sort(),
      readdirSync(join(ROOT, 'model/backbones')).sort()
    )
    const packages = listPackage(join(resources, 'app.asar'), { isPack: false })
      .map((path) => /^\/node_modules\/((?:@[^/]+\/)?[^/@]+)$/.exec(path)?.[1])
      .filter((name) => name !== undefined)
    assert.deepEqual(packages.sort(), SHIPPED)
  })

  await t.test('native files are those of this system alone', () => {
    const native = [...digestsBelow(join(root, 'resources')).keys()].filter((path) =>
      NATIVE.test(path)
    )
    const modules = `app.asar.unpacked/node_modules`
    assert.deepEqual(native.sort(), [
      `${modules}/@photostructure/sqlite/prebuilds/linux-x64/@photostructure+sqlite.glibc.node`,
      `${modules}/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1`,
      `${modules}/onnxruntime-node/bin/napi-v6/linux/x64/onnxruntime_binding.node`
    ])
  })

  await t.test('all hold the same app', () => {
    const ofDeb = digestsBelow(root)
    assert.ok(ofDeb.delete('resources/apparmor-profile'))
    assert.deepEqual(digestsBelow(archive), ofDeb)
    const list = (command: string, ...args: string[]): string[] =>
      execFileSync(command, args, { encoding: 'utf8' }).split('\n')
    const format = '[%{FILENAMES} %{FILEMODES:perms}\n]'
    const ofRpm = list('rpm', '-qp', '--queryformat', format, fileOf('.rpm'))
    const below = ofRpm.flatMap((line) => /^\/opt\/Kindred\/(\S+) -/.exec(line)?.[1] ?? [])
    assert.deepEqual(below.sort(), [...ofDeb.keys(), 'resources/apparmor-profile'].sort())
    const ofImage = new Set(list('unsquashfs', '-offset', '4096', '-ls', fileOf('.AppImage')))
    for (const path of ofDeb.keys()) assert.ok(ofImage.has(`squashfs-root/${path}`), path)
  })

  await t.test('the deb has what a desktop asks for', () => {
    const desktop = join(installed, 'usr/share/applications/kindred.desktop')
    execFileSync('desktop-file-validate', [desktop])
    const lines = readFileSync(desktop, 'utf8').split('\n')
    for (const line of ['Exec=/opt/Kindred/kindred %U', 'Icon=kindred', 'Categories=Graphics;'])
      assert.ok(lines.includes(line), line)
    const icons = join(installed, 'usr/share/icons/hicolor')
    for (const size of [16, 32, 48, 256, 512]) {
      const bytes = readFileSync(join(icons, `${size}x${size}/apps/kindred.png`))
      assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [size, size])
    }
  })

  await t.test('the deb brings the rights that the sandbox needs, and takes them along', () => {
    const profile = readFileSync(join(root, 'resources/apparmor-profile'), 'utf8')
    assert.match(profile, /^profile "kindred" "\/opt\/Kindred\/kindred" flags=\(unconfined\)/m)
    assert.match(profile, /^\s*userns,$/m)
    const scripts = join(installed, 'var/lib/dpkg/info')
    const install = readFileSync(join(scripts, 'kindred.postinst'), 'utf8')
    assert.ok(install.includes("APPARMOR_PROFILE_TARGET='/etc/apparmor.d/kindred'"))
    const removal = join(scripts, 'kindred.postrm')
    assert.ok(readFileSync(removal, 'utf8').includes('rm -f "$APPARMOR_PROFILE_DEST"'))
    for (const name of ['postinst', 'postrm'])
      execFileSync('bash', ['-n', join(scripts, `kindred.${name}`)])
    // An update calls the former package's script, too: nothing is removed then.
    const traced = execFileSync('bash', ['-c', 'bash -x "$0" upgrade 9.9.9 2>&1', removal], {
      encoding: 'utf8'
    })
    assert.deepEqual(traced.trim().split('\n'), ['+ case "$1" in', '+ exit 0'])
  })

  await t.test('the deb depends on all that its executables are linked with', () => {
    const fields = fieldsOf(deb)
    assert.equal(fields.get('Package'), 'kindred')
    assert.equal(fields.get('Architecture'), 'amd64')
    const brought = installedWith(`${fields.get('Depends')}, libc6`)
    const linked = [join(root, 'kindred'), join(root, 'libGLESv2.so')].flatMap(librariesOf)
    const foreign = linked.filter((path) => !path.startsWith(root))
    assert.ok(foreign.length > 20)
    const owners = packagesOf([...new Set(foreign)])
    assert.deepEqual(
      [...owners].filter(([, name]) => !brought.has(name)),
      []
    )
    const gtk = foreign.find((path) => path.includes('libgtk-3')) ?? ''
    assert.equal(installedWith('libc6').has(owners.get(gtk) ?? ''), false)
  })

  await t.test('the deb, installed in a folder, indexes, learns and searches', async () => {
    const home = temporaryFolder(t, 'home')
    const library = join(home, 'config/Kindred/library')
    await copyViewed(library) // its new photos' views are made here
    beginShortRun(library)
    const photos = temporaryFolder(t, 'photos')
    await makePhotos(photos, MORE, { seed: 81, size: 96 })
    const { page, close } = await openApp(t, {
      executable: await debuggable(join(root, 'kindred')),
      home,
      folders: [photos]
    })
    await page.getByTestId('nav-folders').click()
    await page.getByTestId('folder').filter({ hasText: `${MORE} photos` }).waitFor()
    await page.getByTestId('nav-photos').click()
    await untilIndexed(page)
    await page.getByTestId('nav-learning').click()
    await page.getByTestId('last-run').waitFor()
    assert.ok((await page.getByTestId('last-reason').innerText()).length > 20)
    await page.getByTestId('nav-photos').click()
    await page.getByTestId('tile').first().click()
    await page.getByTestId('kin-tile').nth(10).waitFor()
    assert.equal(await page.getByTestId('show-failures').count(), 0)
    await close()
    const catalogue = openCatalogue(library)
    assert.equal(catalogue.work.counts().indexed, SHARED_PHOTOS + MORE)
    assert.deepEqual(catalogue.runs.lastEnded()?.options, QUICK)
    catalogue.close()
  })

  await t.test('the archive, unpacked, indexes and searches', async () => {
    const photos = temporaryFolder(t, 'photos')
    await makePhotos(photos, 12)
    const { page, close } = await openApp(t, {
      executable: await debuggable(join(archive, 'kindred')),
      folders: [photos]
    })
    await untilIndexed(page)
    await page.getByTestId('tile').nth(11).waitFor()
    assert.equal(await page.getByTestId('tile').count(), 12)
    // It has an old Chromium, and says so.
    await page.getByTestId('test-runtime').waitFor()
    await page.getByTestId('tile').first().click()
    await page.getByTestId('kin-tile').nth(10).waitFor() // the last of them are drawn a frame later
    assert.equal(await page.getByTestId('kin-tile').count(), 11)
    await close()
  })

  const skip = IS_ROOT ? false : ROOT_ONLY
  await t.test('a user without rights opens it with its sandbox, and not without', { skip }, async () => {
    makeHome(folder)
    const library = join(folder, 'home/config/Kindred/library')
    const start = (...args: string[]): ChildProcessByStdio<null, null, Readable> =>
      spawn(join(root, 'kindred'), args, {
        env: environmentOfNobody(folder),
        uid: NOBODY,
        gid: NOBODY,
        stdio: ['ignore', 'ignore', 'pipe']
      })
    let started = start('--no-sandbox')
    let closed = once(started, 'close')
    let told = ''
    started.stderr.setEncoding('utf8').on('data', (text: string) => (told += text))
    let isOver = watched(t, started)
    await until('its refusal', () => isOver() || REFUSAL.test(told))
    assert.match(told, REFUSAL)
    assert.match(told, /apparmor_restrict_unprivileged_userns=0/)
    started.kill('SIGKILL')
    await closed
    assert.equal(existsSync(library), false)
    started = start()
    closed = once(started, 'close')
    started.stderr.resume()
    isOver = watched(t, started)
    await until('a catalogue', () => isOver() || existsSync(join(library, 'kindred.sqlite')))
    assert.equal(isOver(), false, 'it ended before it opened a library')
    started.kill('SIGTERM')
    await closed
  })

  await t.test('the AppImage opens a library', async () => {
    const home = temporaryFolder(t, 'home')
    const scratch = temporaryFolder(t, 'scratch')
    const started = spawn(fileOf('.AppImage'), [...NO_SANDBOX], {
      env: { ...process.env, XDG_CONFIG_HOME: home, TMPDIR: scratch },
      stdio: 'ignore',
      detached: true // a group of its own: the script, and the app that it waits for
    })
    const isOver = watched(t, started, -(started.pid ?? 0))
    const closed = once(started, 'close')
    const catalogue = join(home, 'Kindred/library/kindred.sqlite')
    const isThere = (): boolean => existsSync(catalogue) && statSync(catalogue).size > 0
    await until('a catalogue', () => isOver() || isThere())
    assert.equal(isOver(), false, 'it ended before it opened a library')
    process.kill(-(started.pid ?? 0), 'SIGKILL')
    await closed
  })
})
