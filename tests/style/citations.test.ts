// What comments cite: pages that exist in the repository, and sections of model/METHOD.md that it
// has.
import test from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, sourcesIn, type Source } from './sources.ts'

const SOURCES = ['.ts', '.mjs', '.js', '.svelte', '.css', '.html', '.py']
const PATH = /(?<![\w/.-])(?:main|model|renderer|tests)\/[\w/.-]+\.[a-z]{2,6}\b/g
const pages = [
  ...sourcesIn(['main', 'model', 'renderer', 'tests'], ['.md']),
  ...sourcesIn(['docs'], ['.md']),
  { path: 'README.md', text: readFileSync(join(ROOT, 'README.md'), 'utf8') }
]
const sources = [...sourcesIn(['main', 'model', 'renderer', 'tests'], SOURCES), ...pages].filter(
  ({ path }) => path !== 'tests/style/citations.test.ts'
)

/** A text as it reads: comments without the signs that begin their lines. */
function joined(text: string): string {
  return text.replace(/\n\s*(\/\/|\*|#)? ?/g, ' ')
}

/** Sections that are cited, as `path: section`. */
function citedSections({ path, text }: Source): { path: string; section: string }[] {
  const cited = joined(text).matchAll(/METHOD\.md (\d(?:\.\d)?(?:(?:, | and )\d(?:\.\d)?)*)/g)
  return [...cited].flatMap(([, sections = '']) =>
    sections.split(/, | and /).map((section) => ({ path, section }))
  )
}

/** The numbers of the headings of a page. */
function sectionsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (\d(?:\.\d)?)\.? /gm)].map(([, section = '']) => section)
}

test('every section of METHOD.md that is cited exists', () => {
  const method = pages.find(({ path }) => path === 'model/METHOD.md')
  assert.ok(method)
  const sections = sectionsOf(method.text)
  assert.deepEqual(
    sections,
    [...sections].sort((a, b) => Number(a) - Number(b)),
    'sections are in order'
  )
  const cited = sources.flatMap(citedSections)
  assert.ok(cited.length > 40)
  assert.deepEqual(
    cited.filter(({ section }) => !sections.includes(section)),
    []
  )
})

test('a citation of a section that is missing is found, over two lines, too', () => {
  const text = '// as it says (METHOD.md\n// 4.9), and METHOD.md 1 and 9.\n'
  const found = citedSections({ path: 'a.ts', text }).map(({ section }) => section)
  assert.deepEqual(found, ['4.9', '1', '9'])
  assert.deepEqual(sectionsOf('# Title\n## 1. One\n### 1.1 Two\n'), ['1', '1.1'])
})

test('every page that is named exists', () => {
  const known = new Set(pages.map(({ path }) => path.split('/').at(-1)))
  const wrong = sources.flatMap(({ path, text }) =>
    [...text.matchAll(/(?<!['/])\b[\w-]+\.md\b/g)] // not what a test or bench calls its files
      .filter(([name]) => !known.has(name))
      .map(([name]) => `${path}: ${name}`)
  )
  assert.deepEqual(wrong, [])
})

test('every file that a comment names by its path exists', () => {
  const files = sourcesIn(['main', 'model', 'renderer', 'tests', 'findings'], [''])
  const known = new Set(files.map(({ path }) => path))
  const named = sources.flatMap(({ path, text }) =>
    text
      .split('\n')
      .filter((line) => /(^|\s)\/\/ |^\s*(\*|\/\*|<!--|#) /.test(line))
      .flatMap((line) => line.match(PATH) ?? [])
      .map((name) => ({ path, name }))
  )
  assert.ok(named.length > 10)
  assert.deepEqual(
    named.filter(({ name }) => !known.has(name)),
    []
  )
})
