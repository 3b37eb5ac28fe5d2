// Builds the five processes: app, engine and compute (main), the preload (bridge), and two pages.
// One bundle serves the shipped Electron and the older one that tests may run on, hence the targets.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'electron-vite'
import { bundledCode } from './main/decode/wasm-code.mjs'
import { licencePlugins } from './main/setup/licences.mjs'
import { BUNDLED } from './main/setup/packaging.mjs'
import { bundledImageCode } from './model/image/image-code.mjs'
import { bundledKernels } from './model/search/simd/kernels.mjs'

const root = import.meta.dirname ?? process.cwd()
const NODE_TARGET = 'node20.18'
const CHROME_TARGET = 'chrome130'
const { devDependencies } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
  devDependencies: { electron: string }
}

// They are built in this order: app, bridge, pages.
const licences = licencePlugins()

export default defineConfig({
  main: {
    plugins: [bundledKernels(), bundledImageCode(), licences.collect],
    define: { RELEASED_ELECTRON: devDependencies.electron.split('.')[0] ?? '0' },
    build: {
      outDir: 'out/main',
      target: NODE_TARGET,
      sourcemap: true,
      externalizeDeps: { exclude: [...BUNDLED] },
      rolldownOptions: {
        input: {
          app: resolve(root, 'main/app/app.ts'),
          engine: resolve(root, 'main/engine/engine-process.ts'),
          // Threads of the engine.
          'writer-thread': resolve(root, 'main/engine/writer/writer-thread.ts'),
          'duplicate-thread': resolve(root, 'main/engine/duplicates/duplicate-thread.ts'),
          'map-thread': resolve(root, 'main/engine/mapping/map-thread.ts'),
          compute: resolve(root, 'main/compute/compute-process.ts'),
          'photo-thread': resolve(root, 'main/compute/photo-thread.ts') // a thread of compute
        },
        // Plain Node's decoder and compiler: asked for by nothing in Electron, and no part of the app.
        external: ['sharp', 'assemblyscript/asc'],
        // import() of an external package fails inside app.asar on the older runtime: require() works.
        output: { format: 'cjs', dynamicImportInCjs: false, entryFileNames: '[name].js' }
      }
    }
  },
  preload: {
    plugins: [licences.collect],
    build: {
      outDir: 'out/bridge',
      target: NODE_TARGET,
      externalizeDeps: false, // a sandboxed preload can only require 'electron'
      rolldownOptions: {
        input: { bridge: resolve(root, 'main/bridge/bridge.ts') },
        output: { format: 'cjs', entryFileNames: '[name].js' }
      }
    }
  },
  renderer: {
    root,
    plugins: [bundledCode(), svelte(), licences.write],
    build: {
      outDir: 'out/pages',
      target: CHROME_TARGET,
      rolldownOptions: {
        input: {
          page: resolve(root, 'renderer/index.html'),
          decoder: resolve(root, 'main/decode/window.html')
        }
      }
    }
  }
})
