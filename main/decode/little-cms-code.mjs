// The code of Little CMS, WebAssembly. Plain Node, which reads it from the package; the decoder's
// page takes `bundledLittleCms` in its place and holds the code itself, since it may fetch nothing.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** The code's bytes. */
export async function littleCmsCode() {
  const require = createRequire(import.meta.url)
  return new Uint8Array(await readFile(require.resolve('lcms-wasm/dist/lcms.wasm')))
}

/** A plugin for Vite: puts the code into the page's bundle where this file would be. */
export function bundledLittleCms() {
  return {
    name: 'bundled-little-cms',
    enforce: 'pre',
    async load(id) {
      if (id.split('?')[0] !== fileURLToPath(import.meta.url).split('\\').join('/')) return null
      const text = Buffer.from(await littleCmsCode()).toString('base64')
      return `export const littleCmsCode = async () =>
        Uint8Array.from(atob('${text}'), (letter) => letter.charCodeAt(0))`
    },
    transform(code, id) {
      // What serves plain Node, and an address for which the code would lie beside the page again.
      if (!/lcms-wasm\/dist\/lcms\.js$/.test(id)) return null
      return code.replaceAll('import.meta.url', "''").replace('await import("module")', '{}')
    }
  }
}
