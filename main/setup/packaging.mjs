// What goes into the app that is given to people, as data. Read by the build, by packaging and by
// tests.

// Bundled into out/main with what they need themselves, so left out of the app's node_modules:
// those that are ESM-only, which a CommonJS bundle cannot require, and small ones.
export const BUNDLED = [
  '@petamoriken/float16',
  '@xmldom/xmldom',
  'chokidar',
  'events',
  'exifreader',
  'graphology',
  'graphology-communities-louvain',
  'graphology-indices',
  'graphology-utils',
  'is-any-array',
  'ml-array-max',
  'ml-array-min',
  'ml-array-rescale',
  'ml-matrix',
  'mnemonist',
  'obliterator',
  'p-limit',
  'pandemonium',
  'readdirp',
  'valibot',
  'yocto-queue'
]

// What only serves installing onnxruntime-node; at run time it needs onnxruntime-common alone.
const FOR_INSTALLING = [
  'adm-zip',
  'boolean',
  'define-data-property',
  'define-properties',
  'detect-node',
  'es-define-property',
  'es-errors',
  'es6-error',
  'escape-string-regexp',
  'global-agent',
  'globalthis',
  'gopd',
  'has-property-descriptors',
  'json-stringify-safe',
  'matcher',
  'object-keys',
  'roarr',
  'semver',
  'semver-compare',
  'serialize-error',
  'sprintf-js',
  'type-fest'
]

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
    { from: 'LICENSE', to: 'LICENSE.kindred.txt' }
  ],
  files: [
    'package.json',
    'out/main/**',
    'out/bridge/**',
    'out/pages/**',
    '!**/*.{map,md,ts,cts,mts}',
    '!node_modules/onnxruntime-node/bin/napi-v6/!(${platform})/**',
    '!node_modules/onnxruntime-node/bin/napi-v6/${platform}/!(${arch})/**',
    '!node_modules/onnxruntime-node/{lib,script}/**',
    '!node_modules/@photostructure/sqlite/prebuilds/!(${platform}-${arch})/**',
    '!node_modules/@photostructure/sqlite/{src,vendor,deps,test,scripts,binding.gyp}/**',
    ...[...BUNDLED, ...FOR_INSTALLING].map((name) => `!node_modules/${name}/**`)
  ],
  linux: { category: 'Graphics', executableName: 'kindred', maintainer: 'The Kindred team' },
  mac: { category: 'public.app-category.photography' }
}
