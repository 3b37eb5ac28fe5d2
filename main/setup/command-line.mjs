// Builds the command line, compute and their threads for plain Node: `node command-line.mjs
// <folder>`, which lies right below out/: files of the project are found from there. Packages stay
// as they are. From sources each of its processes takes twice the time to start. Needs Vite, which
// developers have.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { bundledImageCode } from '../../model/image/image-code.mjs'
import { bundledKernels } from '../../model/search/simd/kernels.mjs'
import { bundledOwnCode } from '../decode/wasm-code.mjs'
import { ROOT } from './machine.mjs'

const ENTRIES = {
  kindred: 'main/cli/kindred.ts',
  'compute-process': 'main/compute/compute-process.ts',
  'writer-thread': 'main/engine/writer/writer-thread.ts',
  'duplicate-thread': 'main/engine/duplicates/duplicate-thread.ts',
  'map-thread': 'main/engine/mapping/map-thread.ts',
  'photo-thread': 'main/compute/photo-thread.ts'
}

const [folder] = process.argv.slice(2)
await build({
  root: ROOT,
  configFile: false,
  logLevel: 'warn',
  plugins: [bundledKernels(), bundledImageCode(), bundledOwnCode()],
  ssr: { external: true },
  build: {
    ssr: true,
    outDir: folder,
    emptyOutDir: true,
    target: 'node20.18',
    rolldownOptions: {
      input: Object.fromEntries(
        Object.entries(ENTRIES).map(([name, file]) => [name, join(ROOT, file)])
      ),
      external: ['sharp', 'assemblyscript/asc'],
      // All in one folder: files are found by their place beside another.
      output: { format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'parts-[hash].js' }
    }
  }
})
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
