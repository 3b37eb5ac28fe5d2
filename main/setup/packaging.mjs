// What goes into the app that is given to people, as data. Read by the build, by packaging and by
// tests.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './machine.mjs'

// The packages that lie in the app as they are: native modules, what these need, and protobufjs.
// Any other dependency is bundled into out/main, or serves the command line (commander, sharp, tsx,
// assemblyscript) or installing (what the script of onnxruntime-node needs), and stays out.
export const SHIPPED = [
  '@photostructure/sqlite',
  'long',
  'node-addon-api',
  'node-gyp-build',
  'onnxruntime-common',
  'onnxruntime-node',
  'protobufjs'
]

const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

/** The dependencies that go into the bundle wherever it imports them. */
export const BUNDLED = Object.keys(dependencies).filter((name) => !SHIPPED.includes(name))

// Checklist 19. What an Electron has no fuse for is left to it.
export const FUSES = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  grantFileProtocolExtraPrivileges: false
}

/** The configuration of electron-builder for a release. */
export const RELEASE = {
  appId: 'app.kindred.Kindred',
  productName: 'Kindred',
  directories: { output: 'dist' },
  asar: true,
  asarUnpack: ['**/*.node', '**/onnxruntime-node/bin/**'],
  // Every native module brings N-API binaries in its package: nothing is ever compiled or fetched.
  npmRebuild: false,
  nodeGypRebuild: false,
  buildDependenciesFromSource: false,
  electronLanguages: ['en-US'],
  electronFuses: FUSES,
  extraResources: [
    { from: 'model/backbones', to: 'backbones' },
    { from: 'LICENSE', to: 'LICENSE.kindred.txt' },
    { from: 'node_modules/libheif-js/LICENSE', to: 'LICENSE.libheif.txt' },
    { from: 'node_modules/@imagemagick/magick-wasm/NOTICE', to: 'LICENSE.imagemagick.txt' }
  ],
  files: [
    'package.json',
    'out/main/**',
    'out/bridge/**',
    'out/pages/**',
    '!**/*.{map,md,ts,cts,mts}',
    // Dependencies are taken in by themselves; these patterns only leave some out.
    `!node_modules/!(${SHIPPED.map((name) => name.split('/')[0]).join('|')})/**`,
    '!node_modules/onnxruntime-node/bin/napi-v6/!(${platform})/**',
    '!node_modules/onnxruntime-node/bin/napi-v6/${platform}/!(${arch})/**',
    '!node_modules/onnxruntime-node/{lib,script}/**',
    '!node_modules/@photostructure/sqlite/prebuilds/!(${platform}-${arch})/**',
    '!node_modules/@photostructure/sqlite/{src,vendor,deps,test,scripts,binding.gyp}/**'
  ],
  linux: { category: 'Graphics', executableName: 'kindred', maintainer: 'The Kindred team' },
  mac: { category: 'public.app-category.photography' }
}
