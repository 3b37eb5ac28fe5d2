// The engine has two threads that last, reader and writer. What a file's head says of where it runs
// is held against who imports it.
import assert from 'node:assert/strict'
import test from 'node:test'
import { appSources, importsOf, reachedFrom } from './sources.ts'

const sources = appSources()
/** What each file loads: types are erased. */
const loads = new Map(
  sources.map((source) => [source.path, importsOf(source).filter(({ isOfTypes }) => !isOfTypes)])
)
const READER = reachedFrom(loads, 'main/engine/engine-process.ts')
const WRITER = reachedFrom(loads, 'main/engine/writer/writer-thread.ts')

/** The comment that a file opens with, as it reads. */
function headOf(text: string): string {
  const lines = text.split('\n')
  const end = lines.findIndex((line) => !line.startsWith('//'))
  return lines.slice(0, end).join(' ').replaceAll(/ ?\/\/ ?/g, ' ')
}

/** What a head says of where its file runs, and is not so. */
function untrue(head: string, inReader: boolean, inWriter: boolean): string | undefined {
  const said = /\bruns (?:only )?in the (reader|writer)\b/i.exec(head)?.[1]
  if (said === undefined) return undefined
  const isSo = said === 'reader' ? inReader : inWriter
  const isAlsoInOther = said === 'reader' ? inWriter : inReader
  return isSo && !isAlsoInOther ? undefined : said
}

test('a file of the engine runs in the thread that its head says', () => {
  const heads = sources
    .filter(({ path }) => path.startsWith('main/engine/'))
    .map(({ path, text }) => ({ path, head: headOf(text) }))
  assert.ok(heads.filter(({ head }) => /Runs in the writer/.test(head)).length > 50)
  assert.deepEqual(
    heads.flatMap(({ path, head }) => {
      const said = untrue(head, READER.has(path), WRITER.has(path))
      return said ? [`${path} does not run in the ${said}`] : []
    }),
    []
  )
})

test('a head that is not so is found', () => {
  const head = headOf('// Does this. Runs in the\n// writer; reads only.\nconst runs = 1')
  assert.equal(untrue(head, false, true), undefined)
  assert.equal(untrue(head, true, false), 'writer')
  assert.equal(untrue('It runs in the reader.', true, false), undefined)
  assert.equal(untrue('It runs in the reader.', true, true), 'reader')
  assert.equal(untrue('It runs in the command line.', false, false), undefined)
})
