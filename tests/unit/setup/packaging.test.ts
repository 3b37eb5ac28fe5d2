// Which files of dependencies get into a package for each system and processor, by
// electron-builder's own reading of the patterns; and what it calls in place of fpm.
import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import test from 'node:test'
import { parsedArguments } from '../../../main/setup/packages/fpm-arguments.mjs'
import { NATIVE, RELEASE } from '../../../main/setup/packaging.mjs'
import { ROOT } from '../../support/electron.ts'

const TARGETS: readonly (readonly [platform: string, arch: string])[] = [
  ['linux', 'x64'],
  ['linux', 'arm64'],
  ['win32', 'x64'],
  ['win32', 'arm64'],
  ['darwin', 'arm64']
]
const NATIVE_PACKAGES = ['@photostructure/sqlite', 'onnxruntime-node']

interface FileMatcher {
  createFilter(): (file: string, stat: unknown) => boolean
}
type Expand = (pattern: string) => string
const { FileMatcher } = createRequire(import.meta.url)('app-builder-lib/out/fileMatcher') as {
  FileMatcher: new (from: string, to: string, expand: Expand, patterns: unknown) => FileMatcher
}

function filesBelow(path: string): string[] {
  return readdirSync(join(ROOT, path), { withFileTypes: true }).flatMap((entry) => {
    const child = join(path, entry.name)
    return entry.isDirectory() ? filesBelow(child) : [child]
  })
}

/** The native files of our dependencies that a package for a target holds. */
function nativeFilesFor(platform: string, arch: string): string[] {
  const expand: Expand = (pattern) =>
    pattern.replaceAll('${platform}', platform).replaceAll('${arch}', arch)
  // Of dependencies all is taken but what is left out: electron-builder heeds those patterns alone.
  const leftOut = (RELEASE.files as readonly string[]).filter((pattern) => pattern.startsWith('!'))
  const isTaken = new FileMatcher(ROOT, ROOT, expand, ['**/*', ...leftOut]).createFilter()
  return NATIVE_PACKAGES.flatMap((name) => filesBelow(`node_modules/${name}`))
    .filter((path) => NATIVE.test(path))
    .filter((path) => isTaken(join(ROOT, path), statSync(join(ROOT, path))))
    .map((path) => path.replace('node_modules/', ''))
}

for (const [platform, arch] of TARGETS)
  test(`a package for ${platform} ${arch} holds native files of that alone`, () => {
    const found = nativeFilesFor(platform, arch)
    const [database, ...runtime] = found
    assert.match(database ?? '', new RegExp(`^@photostructure/.*/${platform}-${arch}/.*glibc.node$`))
    assert.ok(runtime.length >= 2, 'ONNX Runtime, and what loads it')
    for (const path of runtime)
      assert.ok(path.startsWith(`onnxruntime-node/bin/napi-v6/${platform}/${arch}/`), path)
  })

test('every target that is released has its native files', () => {
  const systems = { linux: 'linux', win: 'win32', mac: 'darwin' }
  const released = Object.entries(systems).flatMap(([key, platform]) => {
    const { target } = RELEASE[key] as { target: readonly { arch: readonly string[] }[] }
    return target.flatMap(({ arch }) => arch.map((each) => `${platform} ${each}`))
  })
  assert.deepEqual([...new Set(released)].sort(), TARGETS.map((target) => target.join(' ')).sort())
  // Why macOS is there for Apple's processors alone.
  assert.equal(nativeFilesFor('darwin', 'x64').some((path) => path.startsWith('onnx')), false)
})

test('what electron-builder calls fpm with is understood, and anything else refused', () => {
  const call = '-s dir --force -t deb -d libx11-6 -d liba|libb --deb-recommends r --version 1.2.3'
  const wanted = parsedArguments([...call.split(' '), '/tmp/app/=/opt/App', '/tmp/i.png=/usr/i.png'])
  assert.deepEqual(wanted, {
    target: 'deb',
    version: '1.2.3',
    depends: ['libx11-6', 'liba|libb'],
    recommends: ['r'],
    contents: [
      { from: '/tmp/app', to: '/opt/App' },
      { from: '/tmp/i.png', to: '/usr/i.png' }
    ]
  })
  assert.throws(() => parsedArguments(['--deb-systemd', 'a.service']), /fpm: --deb-systemd/)
})
