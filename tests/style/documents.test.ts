// What documents tell people to type, and the files that they name, are there.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import * as v from 'valibot'
import { NODE_20, TIERS } from '../../main/setup/test-plan.mjs'
import { ROOT, sourcesIn } from './sources.ts'
import type { Source } from './sources.ts'

const Package = v.object({ scripts: v.record(v.string(), v.string()) })
const { scripts } = v.parse(Package, JSON.parse(read('package.json')))
const tiers = [...Object.keys(TIERS), NODE_20]
const benches = readdirSync(join(ROOT, 'tests/bench')).flatMap(
  (file) => /^(.*)\.bench\.ts$/.exec(file)?.[1] ?? []
)
const sourceOf = (folder: string): string =>
  sourcesIn([folder], ['.ts'])
    .map(({ text }) => text)
    .join('\n')
const commandLine = sourceOf('main/cli')
const benchSources = sourceOf('tests/bench')
const commands = [...commandLine.matchAll(/\.command\('([a-z]+)/g)].map(([, name]) => name!)

const documents = [
  ...['README.md', 'findings/README.md', 'model/METHOD.md'].map((path) => ({
    path,
    text: read(path)
  })),
  ...sourcesIn(['docs'], ['.md'])
]

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** What of a document is code: between single marks, and lines of blocks without their comments. */
function codeIn(text: string): string[] {
  const blocks = [...text.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = '']) =>
    block.split('\n').map((line) => line.replace(/(^|\s)#.*$/, ''))
  )
  const inline = text.replace(/```.*?```/gs, '').matchAll(/`([^`]+)`/g)
  return [...blocks, ...[...inline].map(([, code = '']) => code.replace(/\s+/g, ' '))]
}

/** Scripts, tiers, test files, benches, commands and options that are not there. */
function missingCommands({ path, text }: Source): string[] {
  return codeIn(text).flatMap((code) => {
    const wrong: (string | undefined)[] = []
    const script = /\bnpm (?:run )?(?:-s |--silent )?(start|test|[a-z-]+)\b/.exec(code)?.[1]
    const isInstall = script === 'install' || script === 'ci' || script === 'audit'
    if (script !== undefined && !isInstall && !(script in scripts)) wrong.push(script)
    const tested = /\bnpm test -- (.*)/.exec(code)?.[1]?.trim().split(/\s+/) ?? []
    for (const name of tested)
      if (/^[a-z]/.test(name) && !tiers.includes(name) && !existsSync(join(ROOT, name)))
        wrong.push(name)
    const bench = /\b(?:bench --|`?bench) ([a-z]+)/.exec(code)?.[1]
    if (bench !== undefined && !benches.includes(bench)) wrong.push(bench)
    const command = /\bkindred(?: --)? ([a-z]+)\b/.exec(code)?.[1]
    if (command !== undefined && !commands.includes(command)) wrong.push(command)
    const known = bench === undefined ? commandLine : benchSources
    if (bench !== undefined || command !== undefined)
      for (const [option] of code.matchAll(/--[a-z][a-z-]+/g))
        if (!known.includes(option) && !/--(help|silent|omit)/.test(option)) wrong.push(option)
    return wrong.map((what) => `${path}: ${code}: no ${what}`)
  })
}

/** Files and folders that a document names from the root, and that are not there. */
function missingFiles({ path, text }: Source): string[] {
  const named = codeIn(text).flatMap((code) =>
    /^(main|model|renderer|tests|docs|findings)\/(?!NAME)[\w./@-]+$/.test(code) ? [code] : []
  )
  const linked = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) =>
    join(path, '..', target)
  )
  return [...named, ...linked]
    .filter((file) => !existsSync(join(ROOT, file)))
    .map((file) => `${path}: no ${file}`)
}

test('every command that a document names is there, with its options', () => {
  assert.ok(commands.length > 8 && benches.length > 8 && documents.length > 3)
  assert.deepEqual(documents.flatMap(missingCommands), [])
})

test('every file that a document names is there', () => {
  assert.deepEqual(documents.flatMap(missingFiles), [])
})

test('what is not there is found', () => {
  const text = [
    'With `npm run biuld` and `npm test -- units` or `kindred similar --tpo 3`.',
    '```sh\nnpm run bench -- serach   # quick\nnpm run -s kindred -- learn --stesp 3\n```',
    'See `main/wire/nothing.ts` and [this](./nothing.md).'
  ].join('\n\n')
  const source = { path: 'docs/a.md', text }
  const found = missingCommands(source).map((line) => line.split(': no ')[1])
  assert.deepEqual(found.sort(), ['--stesp', '--tpo', 'biuld', 'serach', 'units'])
  const files = missingFiles(source).map((line) => line.split(': no ')[1])
  assert.deepEqual(files, ['main/wire/nothing.ts', 'docs/nothing.md'])
})
