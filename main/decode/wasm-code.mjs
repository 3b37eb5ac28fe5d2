// Code that is WebAssembly: of libraries, and our own. Plain Node, which reads it from their
// packages and compiles ours; the decoder's page takes `bundledCode` in its place, and holds the
// code itself, since it may fetch nothing but scripts: each code is a script of its own, loaded
// when it is first needed.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { SIMD_FLAGS, compiled } from '../../model/assembly/compile.mjs'

/** Where each library's code lies in its package. */
const FILES = {
  'little-cms': 'lcms-wasm/dist/lcms.wasm',
  libheif: 'libheif-js/libheif-wasm/libheif.wasm',
  magick: '@imagemagick/magick-wasm/magick.wasm'
}
/** Ours, in AssemblyScript. */
const OWN = { reduce: { file: 'reduce-kernel.as.ts', what: 'code that makes pictures small' } }
const IN_BUNDLE = 'virtual:wasm-code/'

/** The bytes of a code. */
export async function wasmCode(name) {
  if (name in OWN) return ownCode(name)
  const require = createRequire(import.meta.url)
  return new Uint8Array(await readFile(require.resolve(FILES[name])))
}

async function ownCode(name) {
  const { file, what } = OWN[name]
  const sources = { [file]: await readFile(new URL(file, import.meta.url), 'utf8') }
  const [bytes] = await compiled([{ name, what, entries: [file], flags: SIMD_FLAGS, sources }])
  return bytes
}

/**
 * A plugin for Vite: puts our own codes into a bundle for plain Node where this file would be.
 * Those of libraries stay in their packages.
 */
export function bundledOwnCode() {
  return {
    name: 'bundled-own-code',
    async load(id) {
      if (!isThisFile(id)) return null
      const own = {}
      for (const name of Object.keys(OWN))
        own[name] = Buffer.from(await ownCode(name)).toString('base64')
      return `import { readFile } from 'node:fs/promises'
        import { createRequire } from 'node:module'
        const OWN = ${JSON.stringify(own)}
        const FILES = ${JSON.stringify(FILES)}
        const { resolve } = createRequire(import.meta.url)
        export const wasmCode = async (name) =>
          name in OWN
            ? new Uint8Array(Buffer.from(OWN[name], 'base64'))
            : new Uint8Array(await readFile(resolve(FILES[name])))`
    }
  }
}

function isThisFile(id) {
  return id.split('?')[0] === fileURLToPath(import.meta.url).split('\\').join('/')
}

/** A plugin for Vite: puts the codes into the page's scripts where this file would be. */
export function bundledCode() {
  return {
    name: 'bundled-code',
    enforce: 'pre',
    resolveId: (id) => (id.startsWith(IN_BUNDLE) ? `\0${id}` : null),
    async load(id) {
      if (id.startsWith(`\0${IN_BUNDLE}`)) {
        const bytes = await wasmCode(id.slice(IN_BUNDLE.length + 1))
        return `export default '${gzipSync(bytes, { level: 9 }).toString('base64')}'`
      }
      if (!isThisFile(id)) return null
      const names = [...Object.keys(FILES), ...Object.keys(OWN)]
      const codes = names.map((name) => `'${name}': () => import('${IN_BUNDLE}${name}')`)
      return `const CODES = { ${codes.join(', ')} }
        export const wasmCode = async (name) => {
          const packed = atob((await CODES[name]()).default)
          const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0))
          const code = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
          return new Uint8Array(await new Response(code).arrayBuffer())
        }`
    },
    transform(code, id) {
      if (id.endsWith('/libheif.js')) return code.replace(/require\("(fs|path|crypto)"\)/g, '({})')
      // What serves plain Node, and an address for which the code would lie beside the page again.
      if (!/lcms-wasm\/dist\/lcms\.js$/.test(id)) return null
      return code.replaceAll('import.meta.url', "''").replace('await import("module")', '{}')
    }
  }
}
