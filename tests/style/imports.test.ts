// The import table of the design, as data: who may import whom, and which file may touch which
// library.
import test from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, appSources, importsOf, reachedFrom, sourcesIn } from './sources.ts'

// A room is the longest of these that a path begins with. It may import itself and what is listed:
// rooms (ending in /) or single files, the doors.
const RETRIEVAL = 'model/retrieval.ts'
const LEARNING = 'model/learning.ts'
/** Rooms of the engine (ending in /) and single files of it. */
function inEngine(...names: string[]): string[] {
  return names.map((name) => `main/engine/${name.endsWith('/') ? name : `${name}.ts`}`)
}
/** What every room of the engine may import. */
const BELOW_ENGINE = ['main/wire/', 'main/catalogue/']

const ROOMS: Record<string, readonly string[]> = {
  'main/wire/': [],
  'main/app/': ['main/wire/'],
  'main/bridge/': ['main/wire/'],
  'main/catalogue/': ['main/wire/'],
  // At its top lie the doors, which put the rooms together, and three files that rooms share.
  'main/engine/': BELOW_ENGINE,
  // What is shared: what is done about a fault, the lines to compute and to the reader.
  'main/engine/faults/': BELOW_ENGINE,
  'main/engine/lines/': [...BELOW_ENGINE, RETRIEVAL, ...inEngine('photo-paths')],
  // What answers. It waits for nobody who writes, so it knows nothing of them.
  'main/engine/duplicates/': [...BELOW_ENGINE, RETRIEVAL, ...inEngine('photo-paths')],
  'main/engine/answering/': [
    ...BELOW_ENGINE,
    RETRIEVAL,
    ...inEngine('duplicates/', 'faults/', 'lines/', 'models/stored-serving'),
    ...inEngine('joined', 'photo-paths')
  ],
  // What keeps: indexing takes what lies in folders, and moving has them follow.
  'main/engine/copies/': BELOW_ENGINE,
  'main/engine/folders/': [...BELOW_ENGINE, ...inEngine('faults/', 'photo-paths')],
  'main/engine/moving/': [
    ...BELOW_ENGINE,
    ...inEngine('faults/', 'folders/', 'lines/', 'context', 'photo-paths')
  ],
  'main/engine/indexing/': [
    ...BELOW_ENGINE,
    RETRIEVAL,
    ...inEngine('faults/', 'folders/', 'lines/', 'context', 'joined', 'photo-paths')
  ],
  // What learns: models that a library has, a run that makes one, and when there is one.
  'main/engine/models/': [
    ...BELOW_ENGINE,
    RETRIEVAL,
    ...inEngine('faults/', 'indexing/', 'lines/', 'context', 'photo-paths')
  ],
  'main/engine/runs/': [
    ...BELOW_ENGINE,
    RETRIEVAL,
    ...inEngine('faults/', 'indexing/', 'lines/', 'models/', 'context', 'joined', 'photo-paths')
  ],
  // The map is made beside the reader, and kept by the writer.
  'main/engine/mapping/': [...BELOW_ENGINE, 'model/mapping.ts', ...inEngine('joined')],
  'main/engine/learning/': [
    ...BELOW_ENGINE,
    RETRIEVAL,
    ...inEngine('faults/', 'lines/', 'models/', 'runs/', 'context')
  ],
  // Puts together what keeps and what learns.
  'main/engine/writer/': [
    ...BELOW_ENGINE,
    ...inEngine('copies/', 'faults/', 'folders/', 'indexing/', 'learning/', 'lines/'),
    ...inEngine('models/', 'moving/', 'context', 'photo-paths')
  ],
  'main/decode/': ['main/wire/'],
  'main/compute/': ['main/wire/', 'main/decode/', RETRIEVAL, LEARNING],
  'main/cli/': ['main/wire/', 'main/engine/', 'main/compute/', RETRIEVAL, LEARNING],
  'renderer/': ['main/wire/'],
  'model/image/': [],
  'model/quant/': [],
  'model/tensor/': [],
  'model/graph/': ['model/tensor/'],
  'model/onnx/': ['model/graph/', 'model/tensor/'],
  'model/nn/': ['model/graph/', 'model/tensor/'],
  // onnx besides tensor: the runtime writes small models for its products of matrices.
  'model/runtime/': ['model/onnx/', 'model/tensor/'],
  'model/search/': ['model/quant/'],
  // search too: the validation of a learned head ranks held-out photos as the app does.
  'model/train/': [
    ...['graph', 'image', 'nn', 'onnx', 'quant', 'runtime', 'search', 'tensor'].map(
      (room) => `model/${room}/`
    )
  ],
  'model/retrieval.ts': ['model/image/', 'model/quant/', 'model/search/', 'model/tensor/'],
  'model/map/': ['model/quant/', 'model/search/'],
  'model/mapping.ts': ['model/map/', 'model/quant/', 'model/search/'],
  'model/learning.ts': ['model/']
}

// Where a library may be imported. One file each, but for the three that are a language of a whole
// room: valibot (schemas), svelte (components), electron (app and its preload).
const LIBRARIES: Record<string, readonly string[]> = {
  electron: ['main/app/', 'main/bridge/'],
  svelte: ['renderer/'],
  valibot: ['main/', 'renderer/', 'model/'],
  '@photostructure/sqlite': ['main/catalogue/database.ts'],
  chokidar: ['main/engine/'],
  'p-limit': ['main/decode/limit.ts'],
  'lcms-wasm': ['main/decode/little-cms.ts'],
  pako: ['main/decode/inflate.ts'],
  'libheif-js': ['main/decode/heif.ts'],
  '@imagemagick/magick-wasm': ['main/decode/magick.ts'],
  exifreader: ['main/compute/'],
  '@xmldom/xmldom': ['main/compute/'],
  sharp: ['main/decode/node.ts'],
  commander: ['main/cli/parser.ts'],
  'hyparquet-writer': ['main/cli/export/parquet-file.ts'],
  virtua: ['renderer/'],
  'twgl.js': ['renderer/parts/map/map-dots.ts'],
  'onnxruntime-node': ['model/runtime/onnxruntime.ts'],
  protobufjs: ['model/onnx/protobuf.ts'],
  'ml-matrix': ['model/quant/eigen.ts'],
  'umap-js': ['model/map/lay-out.ts'],
  graphology: ['model/train/head/communities.ts'],
  'graphology-communities-louvain': ['model/train/head/communities.ts']
}
const LANGUAGES = ['electron', 'svelte', 'valibot']
// They compile kernels to disk, for the build, tests and the command line: no code of the app.
const WITH_NODE = [
  'model/assembly/compile.mjs',
  'model/image/image-code.mjs',
  'model/search/simd/kernels.mjs'
]
const WITHOUT_NODE = ['main/wire/', 'main/bridge/', 'renderer/', 'model/']

const sources = appSources()
const imports = new Map(sources.map((source) => [source.path, importsOf(source)]))

function roomOf(path: string): string | undefined {
  return Object.keys(ROOMS)
    .filter((room) => path.startsWith(room))
    .sort((a, b) => b.length - a.length)[0]
}

test('every file belongs to a room, and imports its own room and those it may', () => {
  const wrong: string[] = []
  for (const [path, found] of imports) {
    const room = roomOf(path)
    if (!room) {
      wrong.push(`${path} is in no room`)
      continue
    }
    const allowed = [room, ...(ROOMS[room] ?? [])]
    for (const { file } of found)
      if (file && !allowed.some((each) => file.startsWith(each))) wrong.push(`${path} -> ${file}`)
  }
  assert.deepEqual(wrong, [])
})

test('every folder of the engine is a room, and the map names it', () => {
  const folders = [...imports.keys()].flatMap((path) => /^main\/engine\/\w+\//.exec(path) ?? [])
  assert.ok(folders.length > 0)
  assert.deepEqual(
    [...new Set(folders)].filter((folder) => !Object.hasOwn(ROOMS, folder)),
    []
  )
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const named = Object.keys(ROOMS).map((room) => room.replace(/^main\/engine\/(?=.)/, ''))
  const map = readme.slice(readme.indexOf('### The map'), readme.indexOf('### How a photo flows'))
  assert.deepEqual(
    named.filter((room) => room.endsWith('/') && !map.includes(room.split('/').at(-2) ?? room)),
    []
  )
})

test('every library is listed, and imported only where it may be', () => {
  const wrong: string[] = []
  const files = new Map<string, Set<string>>()
  for (const [path, found] of imports)
    for (const { library, specifier } of found) {
      if (!library) continue
      const allowed = LIBRARIES[library] ?? []
      if (!allowed.some((each) => path.startsWith(each))) wrong.push(`${path} -> ${specifier}`)
      files.set(library, (files.get(library) ?? new Set()).add(path))
    }
  for (const [library, paths] of files)
    if (!LANGUAGES.includes(library) && paths.size > 1)
      wrong.push(`${library} is imported by ${[...paths].join(', ')}: one file each`)
  assert.deepEqual(wrong, [])
})

test('every listed library is a dependency of the project', () => {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8')
  ) as Record<'dependencies' | 'devDependencies', Record<string, string>>
  const versions = { ...dependencies, ...devDependencies }
  assert.deepEqual(
    Object.keys(LIBRARIES).filter((library) => !Object.hasOwn(versions, library)),
    []
  )
  const loose = Object.entries(versions).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
  assert.deepEqual(loose, [], 'versions are exact')
})

test('pure rooms import nothing of Node', () => {
  const scripts = sourcesIn(['model'], ['.mjs']).map(
    (source) => [source.path, importsOf(source)] as const
  )
  for (const file of WITH_NODE) assert.ok(scripts.some(([path]) => path === file))
  const wrong = [...imports, ...scripts].flatMap(([path, found]) =>
    !WITH_NODE.includes(path) && WITHOUT_NODE.some((room) => path.startsWith(room))
      ? found.filter(({ builtin }) => builtin).map(({ specifier }) => `${path} -> ${specifier}`)
      : []
  )
  assert.deepEqual(wrong, [])
})

test('relative imports name a file that exists, with its extension', () => {
  const known = new Set(sources.map(({ path }) => path))
  const wrong = [...imports].flatMap(([path, found]) =>
    found
      .filter(({ file }) => file && /\.(ts|svelte)$/.test(file) && !known.has(file))
      .concat(found.filter(({ file }) => file && !/\.[a-z]+$/.test(file)))
      .map(({ specifier }) => `${path} -> ${specifier}`)
  )
  assert.deepEqual(wrong, [])
})

/** The first import cycle that is found, as a list of files. */
function cycleOf(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>()
  const way: string[] = []
  function visit(path: string): string[] | undefined {
    const start = way.indexOf(path)
    if (start >= 0) return [...way.slice(start), path]
    if (done.has(path)) return undefined
    way.push(path)
    for (const next of graph.get(path) ?? []) {
      const cycle = visit(next)
      if (cycle) return cycle
    }
    way.pop()
    done.add(path)
    return undefined
  }
  for (const path of graph.keys()) {
    const cycle = visit(path)
    if (cycle) return cycle
  }
  return undefined
}

test('there is no import cycle', () => {
  const graph = new Map(
    [...imports].map(([path, found]) => [path, found.flatMap(({ file }) => (file ? [file] : []))])
  )
  assert.deepEqual(cycleOf(graph), undefined)
})

test('the search for cycles finds one', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['b']]
  ])
  assert.deepEqual(cycleOf(graph), ['b', 'c', 'b'])
})

test('what the command line imports is no package of developers', () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  const reached = reachedFrom(imports, 'main/cli/', 'main/compute/compute-process.ts')
  const wrong = [...reached].flatMap((path) =>
    (imports.get(path) ?? [])
      .filter(({ library }) => library && !Object.hasOwn(dependencies, library))
      .map(({ specifier }) => `${path} -> ${specifier}`)
  )
  assert.deepEqual(wrong, [])
})

test('only the learning door leads to ONNX Runtime', () => {
  const reached = reachedFrom(imports, RETRIEVAL, 'main/engine/', 'main/app/')
  assert.deepEqual(
    [...reached].filter((path) => path.startsWith('model/runtime/')),
    []
  )
})
