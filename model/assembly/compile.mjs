// AssemblyScript to WebAssembly, the first time some code is asked for; kept below out/kernels.
// Plain Node only: the app's bundles hold the bytes themselves.
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Flags of code that uses SIMD, over memory that is handed to it. */
export const SIMD_FLAGS = [
  '--outFile', 'kernel.wasm', '--runtime', 'stub', '--noAssert', '-O3', '--enable', 'simd',
  '--importMemory', '--initialMemory', '1', '--maximumMemory', '65536', '--zeroFilledMemory'
]

const cache = fileURLToPath(new URL('../../out/kernels', import.meta.url))

/**
 * The bytes of each of some codes, from the cache or compiled (seconds, told to `report`).
 * A code: its name, flags of the compiler, and the text of each of its sources by file name.
 */
export async function compiled(codes, report = (line) => process.stderr.write(`${line}\n`)) {
  const paths = codes.map(pathOf)
  const kept = await Promise.all(paths.map(readIfThere))
  if (kept.every((bytes) => bytes)) return kept
  report(`Compiling the ${codes[0].what} (once, a few seconds)`)
  const all = []
  for (const [i, code] of codes.entries()) {
    all[i] = kept[i] ?? (await compile(code))
    if (!kept[i]) await keep(paths[i], all[i], report)
  }
  return all
}

function pathOf({ name, flags, sources }) {
  const { version } = createRequire(import.meta.url)('assemblyscript/package.json')
  const digest = createHash('sha256').update(JSON.stringify([version, flags, sources]))
  return join(cache, `${name}-${digest.digest('hex').slice(0, 16)}.wasm`)
}

async function readIfThere(path) {
  try {
    return new Uint8Array(await readFile(path))
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

async function compile({ what, entries, flags, sources }) {
  const { default: asc } = await import('assemblyscript/asc')
  let bytes
  let said = ''
  const { error } = await asc.main([...entries, ...flags], {
    readFile: (name) => sources[name] ?? null,
    writeFile: (_, content) => void (bytes = content),
    listFiles: () => [],
    stderr: { write: (text) => void (said += text) }
  })
  if (error || !bytes) throw new Error(`${what}: not compiled\n${said}`, { cause: error })
  return bytes
}

/** A folder that cannot be written costs seconds at each start, not the work. */
async function keep(path, bytes, report) {
  const partial = `${path}.${process.pid}`
  try {
    await mkdir(cache, { recursive: true })
    await writeFile(partial, bytes)
    await rename(partial, path)
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(error.code)) throw error
    report(`What was compiled could not be kept: ${error.message}`)
  }
}
