// What is exported is used: by another file, tests among them. What only its own file uses stays in
// it, and what nobody uses goes.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { ROOT, sourcesIn, type Source } from './sources.ts'

const EXPORT = /^export (?:async )?(function\*?|const|let|class|type|interface) (\w+)/gm
const LIST = /^export (?:type )?\{([^}]*)\}(?! from)/gm
const NAME = /[A-Za-z_$][\w$]*/g

const config = 'electron.config.ts'
const sources = [
  ...sourcesIn(['main', 'model', 'renderer', 'tests'], ['.ts', '.mts', '.mjs', '.svelte']),
  { path: config, text: readFileSync(join(ROOT, config), 'utf8') }
]

interface Exported {
  name: string
  isType: boolean
}

function exportsOf({ path, text }: Source): Exported[] {
  if (path.endsWith('.svelte') || path.endsWith('.as.ts')) return []
  const single = [...text.matchAll(EXPORT)].map(([, kind = '', name = '']) => ({
    name,
    isType: kind === 'type' || kind === 'interface'
  }))
  const listed = [...text.matchAll(LIST)].flatMap(([, names = '']) =>
    names.split(',').map((one) => ({ name: one.split(' as ').at(-1)?.trim() ?? '', isType: false }))
  )
  return [...single, ...listed].filter(({ name }) => name !== '' && name !== 'default')
}

/** A script and its types are one. */
function fileOf(path: string): string {
  return path.replace(/\.d\.mts$/, '.mjs')
}

/** `path name` of what no other file names. A type may be that of something else in its file. */
function unused(all: readonly Source[]): string[] {
  const namedIn = new Map<string, Set<string>>()
  for (const { path, text } of all)
    for (const [name] of text.matchAll(NAME)) {
      const files = namedIn.get(name) ?? new Set()
      namedIn.set(name, files.add(fileOf(path)))
    }
  return all.flatMap((source) =>
    exportsOf(source).flatMap(({ name, isType }) => {
      const isElsewhere = (namedIn.get(name)?.size ?? 0) > 1
      const inItsFile = source.text.split(new RegExp(`\\b${name}\\b`)).length - 1
      return isElsewhere || (isType && inItsFile > 1) ? [] : [`${source.path} ${name}`]
    })
  )
}

test('every name that is exported is used by another file', () => {
  assert.deepEqual(unused(sources), [])
})

test('what nobody uses is found', () => {
  const text = [
    'export const USED = 1, other = USED',
    'export const ALONE = 2 + 0 * ALONE',
    'export async function asked(): Promise<Answer> {}',
    'export interface Answer {}',
    'export type Nothing = ReturnType<typeof asked>',
    'const listed = 1',
    'export { listed, asked as renamed }'
  ].join('\n')
  const files = [
    { path: 'main/a.mjs', text },
    { path: 'main/a.d.mts', text: 'export const ALONE: number' },
    { path: 'main/b.svelte', text: 'USED + asked()' }
  ]
  const found = ['ALONE', 'Nothing', 'listed', 'renamed'].map((name) => `main/a.mjs ${name}`)
  assert.deepEqual(unused(files), [...found, 'main/a.d.mts ALONE'])
})
