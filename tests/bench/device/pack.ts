// Packs what the bench of devices needs on a machine that has nothing: Node, the measurements as
// one file, ONNX Runtime's libraries, the backbone. Plain Node.
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'vite'

const ROOT = join(import.meta.dirname, '../../..')
const HERE = import.meta.dirname
/** Most bytes of the folder. */
export const MOST = 64 * 2 ** 20
const RUNTIME = 'node_modules/onnxruntime-node'
const BINARIES = `${RUNTIME}/bin/napi-v6/linux/x64`
/**
 * Libraries that bare machines lack and Vulkan's loader and drivers want: taken along from here.
 */
const LIBRARIES = [
  ...['libvulkan.so.1', 'libGLdispatch.so.0', 'libX11.so.6', 'libXext.so.6', 'libxcb.so.1'],
  ...['libXau.so.6', 'libXdmcp.so.6', 'libbsd.so.0', 'libmd.so.0']
]
const SYSTEM = ['/usr/lib/x86_64-linux-gnu', '/usr/lib64']

/**
 * Writes the pack into a folder, which is emptied before.
 * @param small Node is packed by xz: a third smaller, but the machine needs xz or Python
 * @returns its size, bytes
 * @throws Error when it gets too large, or this is not Linux on x64
 */
export async function pack(folder: string, small: boolean): Promise<number> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('the pack is made of what runs here: expected Linux on x64')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  copyFileSync(join(HERE, 'run.sh'), join(folder, 'run'))
  chmodSync(join(folder, 'run'), 0o755)
  copyFileSync(join(HERE, 'unpack.mjs'), join(folder, 'unpack.mjs'))
  packNode(folder, small)
  const put = (path: string, bytes: Uint8Array): void => packed(join(folder, 'files', path), bytes)
  put('tests/bench/device/measure.mjs', await bundled())
  // Modules that do something when they are started themselves are in the bundle: it is imported.
  put('tests/bench/device/start.mjs', Buffer.from("import './measure.mjs'\n"))
  for (const file of runtimeFiles()) put(file, readFileSync(join(ROOT, file)))
  for (const name of ['efficientnet-lite0.json', 'efficientnet-lite0.onnx', 'LICENSE'])
    put(`model/backbones/${name}`, readFileSync(join(ROOT, 'model/backbones', name)))
  for (const name of LIBRARIES) {
    const path = SYSTEM.map((system) => join(system, name)).find((each) => existsSync(each))
    if (path) put(`libraries/${name}`, readFileSync(path))
  }
  const size = sizeOf(folder)
  if (size > MOST) throw new Error(`the pack has ${size} bytes, expected at most ${MOST}`)
  return size
}

/** Node itself, without the names that only debuggers read where they can be taken out. */
function packNode(folder: string, small: boolean): void {
  const node = join(folder, 'node')
  copyFileSync(realpathSync(process.execPath), node)
  spawnSync('strip', [node], { stdio: 'ignore' }) // not everywhere; then it stays larger
  if (small) {
    const { status } = spawnSync('xz', ['-6', node], { stdio: 'inherit' })
    if (status !== 0) throw new Error('--small: expected xz on this machine')
  } else {
    writeFileSync(`${node}.gz`, gzipSync(readFileSync(node), { level: 6 }))
    rmSync(node)
  }
}

function packed(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  const params = { [constants.BROTLI_PARAM_QUALITY]: 6, [constants.BROTLI_PARAM_LGWIN]: 24 }
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }))
}

/** ONNX Runtime as far as it is needed: its JavaScript, and the libraries of this platform. */
function runtimeFiles(): string[] {
  const scripts = [RUNTIME, 'node_modules/onnxruntime-common'].flatMap((name) => [
    `${name}/package.json`,
    ...below(`${name}/dist`).filter((path) => /\.(js|json)$/.test(path))
  ])
  return [...scripts, ...below(BINARIES)]
}

/** Files below a folder of the project, by their paths in it. */
function below(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
}

/** The measurements and all that they import, but for ONNX Runtime, as one module. */
async function bundled(): Promise<Uint8Array> {
  const result = await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    ssr: { target: 'node', noExternal: true, external: ['onnxruntime-node'] },
    build: {
      ssr: join(HERE, 'measure.ts'),
      write: false,
      minify: false,
      rolldownOptions: {
        external: /^assemblyscript/, // compiles search, which is not measured
        output: { format: 'es', codeSplitting: false }
      }
    }
  })
  const outputs = [result].flat().flatMap((one) => ('output' in one ? one.output : []))
  const chunks = outputs.flatMap((one) => (one.type === 'chunk' ? [one.code] : []))
  if (chunks.length !== 1) throw new Error(`the bundle: expected one file, got ${chunks.length}`)
  return Buffer.from(chunks[0] ?? '')
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0)
}
