// `npm run sbom`: the list of all parts, by CycloneDX's own tool.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'
import * as v from 'valibot'
import { ROOT } from '../../support/electron.ts'

const Bom = v.object({
  bomFormat: v.literal('CycloneDX'),
  specVersion: v.literal('1.6'),
  metadata: v.object({ component: v.object({ name: v.literal('kindred') }) }),
  components: v.array(
    v.object({ purl: v.string(), licenses: v.pipe(v.array(v.unknown()), v.minLength(1)) })
  ),
  dependencies: v.pipe(v.array(v.unknown()), v.minLength(1))
})
const Package = v.object({
  version: v.string(),
  dependencies: v.record(v.string(), v.string()),
  devDependencies: v.record(v.string(), v.string())
})

test('every dependency is a part, with its version and a licence', async () => {
  const own = v.parse(Package, JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')))
  const script = join(ROOT, 'main/setup/sbom.mjs')
  const { stdout } = await promisify(execFile)(process.execPath, [script])
  const file = stdout.trim()
  assert.equal(file, `dist/kindred-${own.version}.cdx.json`)
  const bom = v.parse(Bom, JSON.parse(readFileSync(join(ROOT, file), 'utf8')))
  const parts = new Set(bom.components.map(({ purl }) => decodeURIComponent(purl)))
  for (const [name, version] of Object.entries({ ...own.dependencies, ...own.devDependencies }))
    assert.ok(parts.has(`pkg:npm/${name}@${version}`), `${name} ${version}`)
})
