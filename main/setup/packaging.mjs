// What goes into the app that is given to people, as data. Read by the build, by packaging and by
// tests.
import { readFileSync, rmSync } from 'node:fs'
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

/**
 * Which file of an app holds machine code, for which system: what a package may hold of its own
 * target alone.
 */
export const NATIVE = /\.(node|so|dll|dylib|exe)(\.[\d.]+)?$/

const FILES = [
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
  // Electron is linked with glibc, so never runs where only musl is.
  '!node_modules/@photostructure/sqlite/prebuilds/**/*.musl.node',
  '!node_modules/@photostructure/sqlite/{src,vendor,deps,test,scripts,binding.gyp}/**'
]

// What the executables of the package are linked with, and what they open by name (Chromium's
// dialogs, keys and links). A test looks up what they are linked with.
const DEB_DEPENDS = [
  'libasound2 | libasound2t64',
  'libatk-bridge2.0-0',
  'libatspi2.0-0',
  'libcups2',
  'libdrm2',
  'libgbm1',
  'libgtk-3-0',
  'libnotify4',
  'libnss3',
  'libsecret-1-0',
  'libuuid1',
  'libxss1',
  'libxtst6',
  'xdg-utils'
]

// Those of electron-builder, which Fedora and openSUSE both know, and two that it leaves out.
const RPM_DEPENDS = [
  '(libXtst or libXtst6)',
  '(libuuid or libuuid1)',
  'at-spi2-core',
  'gtk3',
  'libXScrnSaver',
  'libasound.so.2()(64bit)',
  'libgbm.so.1()(64bit)',
  'libnotify',
  'nss',
  'xdg-utils'
]

// macOS has no x64: ONNX Runtime 1.30 for Node brings no binary for it.
const BOTH = ['x64', 'arm64']
const HAS_CERTIFICATE = Boolean(process.env.CSC_LINK)
const MAY_NOTARIZE = Boolean(process.env.APPLE_API_KEY || process.env.APPLE_ID)

/** Where the app looks for updates, if the person agrees: an address that only packaging knows. */
const FEED = process.env.KINDRED_UPDATES

/** The configuration of electron-builder for a release. */
export const RELEASE = {
  appId: 'app.kindred.Kindred',
  productName: 'Kindred',
  copyright: 'The Kindred team, Apache-2.0',
  extraMetadata: {
    // Packages name it where there is one; electron-builder insists on some address.
    homepage: process.env.KINDRED_HOMEPAGE || 'https://kindred.invalid',
    desktopName: 'kindred.desktop' // by which desktops know the window as this app's
  },
  directories: { output: 'dist', buildResources: 'out/icons' },
  artifactName: '${name}-${version}-${os}-${arch}.${ext}',
  asar: true,
  asarUnpack: ['**/*.node', '**/onnxruntime-node/bin/**'],
  // Every native module brings N-API binaries in its package: nothing is ever compiled or fetched.
  npmRebuild: false,
  nodeGypRebuild: false,
  buildDependenciesFromSource: false,
  electronLanguages: ['en-US'],
  electronFuses: { ...FUSES, resetAdHocDarwinSignature: !HAS_CERTIFICATE },
  afterPack: withoutDefaultApp,
  publish: FEED ? { provider: 'generic', url: FEED } : null,
  extraResources: [
    { from: 'model/backbones', to: 'backbones' },
    { from: 'LICENSE', to: 'LICENSE.kindred.txt' },
    { from: 'node_modules/libheif-js/LICENSE', to: 'LICENSE.libheif.txt' },
    { from: 'node_modules/@imagemagick/magick-wasm/NOTICE', to: 'LICENSE.imagemagick.txt' }
  ],
  files: FILES,
  toolsets: { appimage: '1.0.3' }, // its runtime needs no libfuse2, which systems no longer have
  linux: {
    target: ['AppImage', 'deb', 'rpm', 'tar.gz'].map((target) => ({ target, arch: BOTH })),
    icon: 'out/icons',
    category: 'Graphics',
    packageCategory: 'graphics',
    executableName: 'kindred',
    maintainer: 'The Kindred team <team@kindred.invalid>',
    synopsis: 'Shows the kin of a photo among your own',
    syncDesktopName: true,
    desktop: { entry: { Keywords: 'photos;pictures;similar;search;' } }
  },
  deb: { depends: DEB_DEPENDS, recommends: ['libvulkan1'] },
  rpm: { depends: RPM_DEPENDS },
  win: {
    target: ['nsis', 'portable'].map((target) => ({ target, arch: BOTH })),
    icon: 'out/icons'
  },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
  portable: { artifactName: '${name}-${version}-${os}-${arch}-portable.${ext}' },
  mac: {
    target: ['dmg', 'zip'].map((target) => ({ target, arch: ['arm64'] })),
    icon: 'out/icons',
    category: 'public.app-category.photography',
    hardenedRuntime: HAS_CERTIFICATE,
    identity: HAS_CERTIFICATE ? undefined : '-', // Apple's processors run signed code alone
    notarize: HAS_CERTIFICATE && MAY_NOTARIZE
  }
}

/** The default app of an Electron, or of the test runtime in its cache, is no part of a package. */
function withoutDefaultApp({ appOutDir }) {
  rmSync(join(appOutDir, 'resources/default_app.asar'), { force: true })
}
