// The bytes of the AssemblyScript of this folder, compiled the first time they are asked for and
// kept. Plain Node only: the app's bundle takes `bundledImageCode` in its place and holds the bytes.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { SIMD_FLAGS, compiled } from '../assembly/compile.mjs'

/** By its name, the file and what it is, as people are told. */
const CODES = {
  augment: { file: 'augment-kernel.as.ts', what: 'code that makes views' },
  resize: { file: 'resize-kernel.as.ts', what: 'code that resizes photos for the backbone' }
}

/** The bytes of a code, from the cache or compiled (seconds, told to `report`). */
export async function imageCode(name, report) {
  const { file, what } = CODES[name]
  const sources = { [file]: await readFile(new URL(file, import.meta.url), 'utf8') }
  const code = { name, what, entries: [file], flags: SIMD_FLAGS, sources }
  const [bytes] = await compiled([code], report)
  return bytes
}

/** A plugin for Vite: puts the bytes into the bundle where this file would be. */
export function bundledImageCode() {
  return {
    name: 'bundled-image-code',
    async load(id) {
      if (id.split('?')[0] !== fileURLToPath(import.meta.url).split('\\').join('/')) return null
      const codes = {}
      for (const name of Object.keys(CODES))
        codes[name] = Buffer.from(await imageCode(name)).toString('base64')
      return `const codes = ${JSON.stringify(codes)}
        export const imageCode = async (name) => new Uint8Array(Buffer.from(codes[name], 'base64'))`
    }
  }
}
