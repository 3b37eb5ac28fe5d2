// Exports of a library of real photos, read and searched by PyArrow, NumPy, faiss, Milvus and
// PostgreSQL: the examples of docs/export.md find what Kindred finds.
import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import * as v from 'valibot'
import { connectCatalogue, openCatalogue } from '../../main/catalogue/catalogue.ts'
import { createReader } from '../../main/engine/answering/reader.ts'
import type { LibraryAnswers } from '../../main/engine/api.ts'
import { lookInto } from '../../main/engine/look-only.ts'
import { assertSameNearest, exampleWith, exported } from '../support/exports.ts'
import type { Found } from '../support/exports.ts'
import { nearestByCodes, nearestInExactOrder } from '../support/exports.ts'
import { kindred } from '../support/kindred.ts'
import { NO_PYTHON, askPython } from '../support/python.ts'

const PHOTOS = fileURLToPath(new URL('../../../shared/photos/few-kinds', import.meta.url))
const OF_A_KIND = 54 // 270 photos: enough for codes
const QUERIES = 100
const NEAREST = 10

const skip = existsSync(PHOTOS) ? NO_PYTHON : 'the photos of ../shared are not here'
const home = mkdtempSync(join(tmpdir(), 'kindred-engines-'))
const library = join(home, 'library')
const [tables, arrays, index] = ['parquet', 'npy', 'faiss'].map((format) => join(home, format)) as [
  string,
  string,
  string
]
let answers: LibraryAnswers

const Nearest = v.array(v.object({ ids: v.array(v.number()), values: v.array(v.number()) }))
const Answer = v.object({
  found: v.tuple([Nearest, Nearest, Nearest, Nearest, Nearest]),
  table: v.object({
    types: v.record(v.string(), v.string()),
    facts: v.array(v.record(v.string(), v.unknown())),
    codewords: v.number()
  })
})
let answer: v.InferOutput<typeof Answer>
let asked: number[] // ids
let exact: Found[] // the nearest of each of them

before(async () => {
  if (skip !== false) return
  for (const kind of readdirSync(PHOTOS))
    for (const name of readdirSync(join(PHOTOS, kind)).sort().slice(0, OF_A_KIND))
      cpSync(join(PHOTOS, kind, name), join(home, 'photos', kind, name))
  const indexed = await kindred('index', join(home, 'photos'), '--library', library)
  assert.equal(indexed.code, 0, indexed.stderr)
  const catalogue = openCatalogue(library)
  catalogue.favourites.set([2, 5], true)
  catalogue.ratings.set([5], 4)
  catalogue.close()

  await exported(library, 'parquet', tables)
  await exported(library, 'npy', arrays)
  await exported(library, 'faiss', index)
  answers = await lookInto(library)
  const task = {
    places: [...Array(QUERIES).keys()],
    count: NEAREST + 1, // itself, too
    table: tables,
    examples: [
      { example: exampleWith('kinship @ kinship'), folder: tables },
      { example: exampleWith('codes.npy'), folder: arrays },
      { example: exampleWith('index.faiss'), folder: index },
      { example: exampleWith('MilvusClient('), folder: tables },
      { example: exampleWith('photos.csv'), folder: tables }
    ]
  }
  answer = v.parse(Answer, await askPython('engines/examples.py', task))
  const reader = await createReader(connectCatalogue(library, 'read'))
  asked = answer.table.facts.slice(0, QUERIES).map(({ id }) => Number(id))
  exact = nearestInExactOrder(reader, asked, NEAREST)
  reader.close()
})
after(async () => {
  await answers?.close()
  rmSync(home, { recursive: true, force: true })
})

test('faiss and NumPy find the nearest that the codes of Kindred give', { skip }, async () => {
  const nearest = await nearestByCodes(answers, NEAREST + 1)
  const [, ofNumpy, ofFaiss] = answer.found
  for (let row = 0; row < QUERIES; row++) {
    assertSameNearest(ofNumpy[row]!, nearest[row]!, 1e-4)
    assertSameNearest(ofFaiss[row]!, nearest[row]!, 1e-4)
  }
})

test('products of the vectors in Parquet, and Milvus, give the exact order', { skip }, () => {
  const [ofTables, , , ofMilvus] = answer.found
  for (const found of [ofTables, ofMilvus])
    found.forEach(({ ids, values }, row) => {
      assert.equal(ids[0], asked[row], 'a photo is nearest to itself')
      assertSameNearest({ ids: ids.slice(1), values: values.slice(1) }, exact[row]!, 1e-5)
    })
  assert.equal(ofMilvus.length, QUERIES)
})

test('PostgreSQL with pgvector gives the exact order', { skip }, async (context) => {
  const database = await PGlite.create({ extensions: { vector } })
  context.after(() => database.close())
  const [definition, copy = ''] = exampleWith('CREATE TABLE', 'sql').split('\\copy')
  await database.exec(definition!)
  const blob = new Blob([readFileSync(join(tables, 'photos.csv'))])
  await database.query(`COPY ${copy.replace(`'photos.csv'`, `'/dev/blob'`)}`, [], { blob })
  const question = exampleWith('AS score', 'sql').replaceAll(':photo', '$1')
  const Row = v.array(v.object({ id: v.number(), score: v.number() }))
  for (const [row, id] of asked.entries()) {
    const rows = v.parse(Row, (await database.query(question, [id])).rows)
    const found = { ids: rows.map((one) => one.id), values: rows.map(({ score }) => score) }
    assertSameNearest(found, exact[row]!, 1e-5)
  }
})

test('PyArrow reads paths, hashes, dates and marks as they are', { skip }, async () => {
  const { types, facts, codewords } = answer.table
  assert.deepEqual(types, {
    id: 'int64',
    path: 'string',
    hash: 'string',
    width: 'int32',
    height: 'int32',
    file_size: 'int64',
    date: 'timestamp[ms]',
    date_source: 'string',
    favourite: 'bool',
    rating: 'int32',
    companions: 'list<element: string not null>',
    descriptor: 'list<element: float not null>',
    kinship: 'list<element: float not null>',
    code: 'fixed_size_binary[8]'
  })
  assert.equal(codewords, 256)
  const { ids, paths } = await answers.vectors()
  assert.deepEqual(
    facts.map(({ id, path }) => [id, path]),
    paths.map((path, row) => [ids[row], path])
  )
  assert.deepEqual(
    facts.flatMap(({ id, favourite, rating }) => (favourite === true ? [[id, rating]] : [])),
    [
      [2, 0],
      [5, 4]
    ]
  )
  const marks = readFileSync(join(tables, 'marks.jsonl'), 'utf8').trimEnd().split('\n')
  const ofId = (id: number): unknown => facts.find((photo) => photo['id'] === id)?.['hash']
  assert.deepEqual(
    new Set(marks.map((line) => JSON.parse(line).hash)),
    new Set([ofId(2), ofId(5)])
  )
  for (const { hash, date, date_source: source, width } of facts) {
    assert.match(String(hash), /^[0-9a-f]{64}$/)
    assert.match(String(date), /^\d{4}-\d\d-\d\dT\d\d:\d\d/)
    assert.equal(source, 'file')
    assert.ok(Number(width) > 0)
  }
})
