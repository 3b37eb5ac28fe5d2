// The bytes of the resize kernel, compiled from AssemblyScript the first time they are asked for
// and kept. Plain Node only: the app's bundle takes `bundledResize` in its place and holds the
// bytes themselves.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { SIMD_FLAGS, compiled } from '../assembly/compile.mjs'

const FILE = 'resize-kernel.as.ts'

/** The kernel, from the cache or compiled (seconds, told to `report`). */
export async function resizeKernel(report) {
  const sources = { [FILE]: await readFile(new URL(FILE, import.meta.url), 'utf8') }
  const what = 'code that resizes photos for the backbone'
  const [bytes] = await compiled(
    [{ name: 'resize', what, entries: [FILE], flags: SIMD_FLAGS, sources }],
    report
  )
  return bytes
}

/** A plugin for Vite: puts the kernel's bytes into the bundle where this file would be. */
export function bundledResize() {
  return {
    name: 'bundled-resize',
    async load(id) {
      if (id.split('?')[0] !== fileURLToPath(import.meta.url).split('\\').join('/')) return null
      const text = JSON.stringify(Buffer.from(await resizeKernel()).toString('base64'))
      return `export const resizeKernel = async () =>
        new Uint8Array(Buffer.from(${text}, 'base64'))`
    }
  }
}
