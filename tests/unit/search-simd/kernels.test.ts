// The compiled kernels: both flavours agree, the bundle holds them without a compiler, and the
// factory takes what the runtime has.
import test from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { build, type Plugin } from 'vite'
import { createCodeIndex } from '../../../model/search/create-index.ts'
import type { Matches } from '../../../model/search/code-index.ts'
import { createReferenceIndex } from '../../../model/search/reference-index.ts'
import { BucketIndex } from '../../../model/search/simd/bucket-index.ts'
import { FlatIndex } from '../../../model/search/simd/flat-index.ts'
import { InvertedIndex } from '../../../model/search/simd/inverted-index.ts'
import { loadKernels } from '../../../model/search/simd/kernel.ts'
import { bundledImageCode, imageCode } from '../../../model/image/image-code.mjs'
import { bundledKernels, scanKernels } from '../../../model/search/simd/kernels.mjs'
import { codebooksOf, codesOf, plainKernels, seededRandom, tableOf } from './support.ts'

test('the relaxed kernel is taken where it can be, and agrees with the plain one', async () => {
  const bytes = await scanKernels()
  // Electron has it since Chromium 114; in Node 20 it is still behind its flag.
  if (!loadKernels(bytes, 'relaxed')) setFlagsFromString('--experimental-wasm-relaxed-simd')
  const relaxed = loadKernels(bytes)
  const plain = loadKernels(bytes, 'plain')
  assert.ok(plain && relaxed)
  assert.deepEqual([plain.flavour, relaxed.flavour], ['plain', 'relaxed'])
  const random = seededRandom(1)
  const ids = Uint32Array.from({ length: 5000 }, (_, i) => i * 3)
  for (const M of [4, 8, 16, 32]) {
    const both: [FlatIndex, FlatIndex] = [new FlatIndex(plain, M), new FlatIndex(relaxed, M)]
    const codes = codesOf(ids.length, M, random)
    for (const index of both) index.append(ids, codes)
    for (let query = 0; query < 10; query++) {
      const table = tableOf('smooth', M, random)
      const [expected, found] = both.map((index): Matches => index.search(table, 100))
      assert.deepEqual(found, expected)
    }
  }
})

test('where no kernel is valid there is none, and the reference serves', async () => {
  const none = loadKernels({ plain: Uint8Array.of(0), relaxed: Uint8Array.of(0) })
  assert.equal(none, undefined)
  const reference = createReferenceIndex(16).constructor
  assert.equal(createCodeIndex({ M: 16, kernels: none }).constructor, reference)
  const kernels = await plainKernels()
  assert.equal(createCodeIndex({ M: 6, kernels }).constructor, reference)
  assert.throws(() => createCodeIndex({ M: 5, kernels }), /M: expected an even number/)
})

test('the factory is exact unless lists are asked for', async () => {
  const kernels = await plainKernels()
  assert.ok(createCodeIndex({ M: 16, kernels }) instanceof FlatIndex)
  assert.ok(createCodeIndex({ M: 4, kernels }) instanceof BucketIndex)
  const codebooks = codebooksOf(16, 4, seededRandom(1))
  const asked = createCodeIndex({ M: 16, kernels, approximate: { codebooks } })
  assert.ok(asked instanceof InvertedIndex)
})

/** What code prints that imports a file, bundled by its plugin, far from compiler and sources. */
async function saidByBundle(file: string, plugin: Plugin, code: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-kernels-'))
  try {
    const path = fileURLToPath(new URL(`../../../model/${file}`, import.meta.url))
    const entry = join(folder, 'entry.mjs')
    writeFileSync(entry, `import * as bundled from ${JSON.stringify(path)}\n${code}`)
    await build({
      configFile: false,
      logLevel: 'error',
      plugins: [plugin],
      build: {
        outDir: join(folder, 'out'),
        ssr: entry,
        rolldownOptions: { output: { format: 'cjs', entryFileNames: 'entry.cjs' } }
      }
    })
    const bundle = join(folder, 'out/entry.cjs')
    return execFileSync(process.execPath, [bundle], { encoding: 'utf8', cwd: folder })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('a bundle holds the same bytes and neither compiler nor source', async () => {
  const said = await saidByBundle(
    'search/simd/kernels.mjs',
    bundledKernels(),
    `bundled.scanKernels().then((bytes) => console.log(JSON.stringify(Object.entries(bytes).map(
       ([name, each]) => [name, Buffer.from(each).toString('hex')]))))`
  )
  const { plain, relaxed } = await scanKernels()
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
  assert.deepEqual(JSON.parse(said), [
    ['plain', hex(plain)],
    ['relaxed', hex(relaxed)]
  ])
  for (const name of ['augment', 'resize'] as const) {
    const code = await saidByBundle(
      'image/image-code.mjs',
      bundledImageCode(),
      `bundled.imageCode('${name}').then((bytes) =>
         console.log(Buffer.from(bytes).toString('hex')))`
    )
    assert.equal(code.trim(), hex(await imageCode(name)))
  }
})
