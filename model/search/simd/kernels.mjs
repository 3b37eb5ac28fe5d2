// The bytes of the scan's kernels, compiled from AssemblyScript the first time they are asked for
// and kept below out/kernels. Plain Node only, the one file of this room that touches the disk: the
// app's bundle takes `bundledKernels` in its place and holds the bytes themselves.
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { scanSource } from './generate.mjs'

const folder = fileURLToPath(new URL('.', import.meta.url))
const cache = fileURLToPath(new URL('../../../out/kernels', import.meta.url))
const SOURCES = [
  'memory-layout.as.ts', 'marks.as.ts', 'nearest.as.ts', 'kernel.as.ts', 'encode.as.ts',
  'lists.as.ts'
]
const FLAVOURS = ['plain', 'relaxed']
const FLAGS = [
  '--outFile', 'kernel.wasm', '--runtime', 'stub', '--noAssert', '-O3', '--enable', 'simd',
  '--importMemory', '--initialMemory', '1', '--maximumMemory', '65536', '--zeroFilledMemory'
]

/** Both kernels, from the cache or compiled (seconds, told to `report`). */
export async function scanKernels(report = (line) => process.stderr.write(`${line}\n`)) {
  const [plain, relaxed] = await Promise.all(FLAVOURS.map((flavour) => sourcesOf(flavour)))
  const paths = [plain, relaxed].map(pathOf)
  const kept = await Promise.all(paths.map(readIfThere))
  if (kept.every((bytes) => bytes)) return { plain: kept[0], relaxed: kept[1] }
  report('Compiling the search kernels (once, a few seconds)')
  const bytes = { plain: await compile(plain), relaxed: await compile(relaxed) }
  await keep(paths[0], bytes.plain, report)
  await keep(paths[1], bytes.relaxed, report)
  return bytes
}

/** A plugin for Vite: puts the kernels' bytes into the bundle where this file would be. */
export function bundledKernels() {
  return {
    name: 'bundled-kernels',
    async load(id) {
      if (id.split('?')[0] !== fileURLToPath(import.meta.url).split('\\').join('/')) return null
      const { plain, relaxed } = await scanKernels()
      const text = (bytes) => JSON.stringify(Buffer.from(bytes).toString('base64'))
      return `const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'))
        export const scanKernels = async () =>
          ({ plain: bytes(${text(plain)}), relaxed: bytes(${text(relaxed)}) })`
    }
  }
}

async function sourcesOf(flavour) {
  const sources = { 'scan.as.ts': scanSource(flavour === 'relaxed') }
  for (const name of SOURCES) sources[name] = await readFile(join(folder, name), 'utf8')
  const flags = [...FLAGS, ...(flavour === 'relaxed' ? ['--enable', 'relaxed-simd'] : [])]
  return { flavour, flags, sources }
}

function pathOf({ flavour, flags, sources }) {
  const { version } = createRequire(import.meta.url)('assemblyscript/package.json')
  const digest = createHash('sha256').update(JSON.stringify([version, flags, sources]))
  return join(cache, `${flavour}-${digest.digest('hex').slice(0, 16)}.wasm`)
}

async function readIfThere(path) {
  try {
    return new Uint8Array(await readFile(path))
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

async function compile({ flags, sources }) {
  const { default: asc } = await import('assemblyscript/asc')
  let bytes
  let said = ''
  const { error } = await asc.main([...SOURCES, ...flags], {
    readFile: (name) => sources[name] ?? null,
    writeFile: (_, content) => void (bytes = content),
    listFiles: () => [],
    stderr: { write: (text) => void (said += text) }
  })
  if (error || !bytes) throw new Error(`search kernels: not compiled\n${said}`, { cause: error })
  return bytes
}

/** A folder that cannot be written costs seconds at each start, not the search. */
async function keep(path, bytes, report) {
  const partial = `${path}.${process.pid}`
  try {
    await mkdir(cache, { recursive: true })
    await writeFile(partial, bytes)
    await rename(partial, path)
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(error.code)) throw error
    report(`The search kernels could not be kept: ${error.message}`)
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) void scanKernels()
