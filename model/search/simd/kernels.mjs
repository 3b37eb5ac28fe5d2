// The bytes of the scan's kernels, compiled from AssemblyScript the first time they are asked for
// and kept. Plain Node only, the one file of this room that touches the disk: the app's bundle
// takes `bundledKernels` in its place and holds the bytes themselves.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { SIMD_FLAGS, compiled } from '../../assembly/compile.mjs'
import { scanSource } from './generate.mjs'

const folder = fileURLToPath(new URL('.', import.meta.url))
const SOURCES = [
  'memory-layout.as.ts', 'marks.as.ts', 'nearest.as.ts', 'kernel.as.ts', 'encode.as.ts',
  'lists.as.ts'
]
const FLAVOURS = ['plain', 'relaxed']

/** Both kernels, from the cache or compiled (seconds, told to `report`). */
export async function scanKernels(report) {
  const [plain, relaxed] = await compiled(await Promise.all(FLAVOURS.map(codeOf)), report)
  return { plain, relaxed }
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

async function codeOf(flavour) {
  const sources = { 'scan.as.ts': scanSource(flavour === 'relaxed') }
  for (const name of SOURCES) sources[name] = await readFile(join(folder, name), 'utf8')
  const flags = [...SIMD_FLAGS, ...(flavour === 'relaxed' ? ['--enable', 'relaxed-simd'] : [])]
  return { name: flavour, what: 'search kernels', entries: SOURCES, flags, sources }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) void scanKernels()
