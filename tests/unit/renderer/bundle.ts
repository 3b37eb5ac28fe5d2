// The page's state for tests in plain Node: renderer/state as the page gets it, its runes compiled
// by the build's own tools into one module, once for all tests that ask for the same.
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import ts from 'typescript'
import { build } from 'vite'
import type { Plugin } from 'vite'
import { digestOfSources } from '../../../main/setup/build.mjs'
import { wholeFolder } from '../../../main/setup/whole-folder.mjs'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
/** In the tree: what lies where others may write is not to be run. */
const BUILT = join(ROOT, 'node_modules/.cache/page-state')

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
  const made = createHash('sha256').update(digestOfSources()).update(names.join(' '))
  const folder = await wholeFolder(BUILT, made.digest('hex').slice(0, 16), async (fresh) => {
    const entry = join(fresh, 'entry.js')
    const files = names.map((name) => join(ROOT, 'renderer/state', name))
    await writeFile(
      entry,
      files.map((file) => `export * from ${JSON.stringify(file)}\n`).join('')
    )
    await build({
      configFile: false,
      logLevel: 'error',
      root: ROOT,
      plugins: [withoutTypes, svelte({ configFile: false })],
      resolve: { conditions: ['browser'] },
      build: {
        outDir: fresh,
        emptyOutDir: false,
        minify: false,
        target: 'chrome130',
        lib: { entry, formats: ['es'], fileName: 'state' }
      }
    })
  })
  return import(pathToFileURL(join(folder, 'state.mjs')).href)
}
