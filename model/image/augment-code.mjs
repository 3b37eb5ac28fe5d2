// The bytes of augment-kernel.as.ts, compiled the first time they are asked for and kept. Plain
// Node only; the app's bundle takes `bundledAugmentCode` in its place and holds the bytes.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { SIMD_FLAGS, compiled } from '../assembly/compile.mjs'

const SOURCE = 'augment-kernel.as.ts'

/** The bytes, from the cache or compiled (seconds, told to `report`). */
export async function augmentCode(report) {
  const text = await readFile(new URL(SOURCE, import.meta.url), 'utf8')
  const sources = { [SOURCE]: text }
  const code = { name: 'augment', what: 'code that makes views', entries: [SOURCE], sources }
  const [bytes] = await compiled([{ ...code, flags: SIMD_FLAGS }], report)
  return bytes
}

/** A plugin for Vite: puts the bytes into the bundle where this file would be. */
export function bundledAugmentCode() {
  return {
    name: 'bundled-augment-code',
    async load(id) {
      if (id.split('?')[0] !== fileURLToPath(import.meta.url).split('\\').join('/')) return null
      const text = JSON.stringify(Buffer.from(await augmentCode()).toString('base64'))
      return `export const augmentCode = async () => new Uint8Array(Buffer.from(${text}, 'base64'))`
    }
  }
}
