// Packages the app (with the test runtime in it, since the real one may not be had here) and opens
// that package: natives load from it, photos are indexed, and its fuses are set. Half a minute: it
// copies 250 MB.
import test from 'node:test'
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { listPackage } from '@electron/asar'
import { FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses'
import { FUSES, RELEASE, SHIPPED } from '../../main/setup/packaging.mjs'
import { ROOT, openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import { makePhotos } from '../support/photos.ts'

const ON = '1'.charCodeAt(0)
const OFF = '0'.charCodeAt(0)

/**
 * A second executable of the package that may be debugged, so that Playwright gets in: the fuses of
 * the real one leave no way, as they should. All else is the package as it is.
 */
async function debuggable(executable: string): Promise<string> {
  const copy = `${executable}-debuggable`
  copyFileSync(executable, copy)
  await flipFuses(copy, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true
  })
  return copy
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

test('the packaged app indexes photos, and its fuses are set', async (t) => {
  const folder = temporaryFolder(t, 'package')
  const script = join(ROOT, 'main/setup/package.mjs')
  const { ELECTRON_OVERRIDE_DIST_PATH: _none, ...env } = process.env
  await promisify(execFile)(process.execPath, [script, '--test-runtime', folder], { env })
  const unpacked = join(folder, 'linux-unpacked')
  const executable = join(unpacked, 'kindred')

  await t.test('fuses', async () => {
    const wire = await getCurrentFuseWire(executable)
    assert.equal(wire[FuseV1Options.RunAsNode], OFF)
    assert.equal(wire[FuseV1Options.EnableNodeOptionsEnvironmentVariable], OFF)
    assert.equal(wire[FuseV1Options.EnableNodeCliInspectArguments], OFF)
    assert.equal(wire[FuseV1Options.EnableEmbeddedAsarIntegrityValidation], ON)
    assert.equal(wire[FuseV1Options.OnlyLoadAppFromAsar], ON)
    assert.equal(wire[FuseV1Options.EnableCookieEncryption], ON)
    assert.equal(wire[FuseV1Options.GrantFileProtocolExtraPrivileges], OFF)
  })

  await t.test('contents', () => {
    const resources = join(unpacked, 'resources')
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

  await t.test('it works', async () => {
    const photos = temporaryFolder(t, 'photos')
    await makePhotos(photos, 12)
    const { page } = await openApp(t, {
      executable: await debuggable(executable),
      folders: [photos]
    })
    await untilIndexed(page)
    assert.equal(await page.getByTestId('tile').count(), 12)
    await page.getByTestId('tile').first().click()
    await page.getByTestId('kin-tile').nth(10).waitFor() // the last of them are drawn a frame later
    assert.equal(await page.getByTestId('kin-tile').count(), 11)
    assert.equal(await page.getByTestId('show-failures').count(), 0)
  })
})
