// The page's state for tests in plain Node: renderer/state as the page gets it, its runes compiled
// by the build's own tools into one module outside the tree.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import ts from 'typescript'
import { build } from 'vite'
import type { Plugin } from 'vite'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** Takes the types away before the runes are compiled: vite's own step is missing under tsx. */
const withoutTypes: Plugin = {
  name: 'without-types',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('.svelte.ts')) return
    const compilerOptions = { target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true }
    return ts.transpileModule(code, { compilerOptions }).outputText
  }
}

/**
 * Compiles and loads modules of renderer/state, with all that they import, as one.
 * @param names their files' names, such as `grid.svelte.ts`
 */
export async function loadState<M>(...names: string[]): Promise<M> {
  const folder = await mkdtemp(join(tmpdir(), 'kindred-state-'))
  after(() => rm(folder, { recursive: true }))
  const entry = join(folder, 'entry.js')
  const files = names.map((name) => join(ROOT, 'renderer/state', name))
  await writeFile(entry, files.map((file) => `export * from ${JSON.stringify(file)}\n`).join(''))
  await build({
    configFile: false,
    logLevel: 'error',
    root: ROOT,
    plugins: [withoutTypes, svelte({ configFile: false })],
    resolve: { conditions: ['browser'] },
    build: {
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      target: 'chrome130',
      lib: { entry, formats: ['es'], fileName: 'state' }
    }
  })
  return import(pathToFileURL(join(folder, 'state.mjs')).href)
}
