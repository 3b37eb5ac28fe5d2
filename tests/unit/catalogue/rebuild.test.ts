// A damaged catalogue is set aside and replaced by one with the decisions of the newest file in
// which they can be read; what is not damaged is left as it is.
import assert from 'node:assert/strict'
import {
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import {
  CATALOGUE_FILE,
  connectCatalogue,
  holdLibrary,
  openCatalogue
} from '../../../main/catalogue/catalogue.ts'
import { copiesOf, makeCopy } from '../../../main/catalogue/copies.ts'
import { openDatabase } from '../../../main/catalogue/database.ts'
import { REBUILT_FILE, SUSPECT_FILE } from '../../../main/catalogue/library-files.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { rebuiltSentence } from '../../../main/wire/rebuilt.ts'
import { addIndexed, hashOf, modelRecord, temporaryFolder } from '../../support/library.ts'

const COPIED = Date.UTC(2026, 2, 12, 10, 30)
const PAGE = 8192

interface Made {
  library: string
  path: string
}

/** A library with one favourite, of which a copy was made, and another that came later. */
function libraryOf(context: TestContext): Made {
  const library = temporaryFolder(context)
  const catalogue = openCatalogue(library)
  const folder = catalogue.folders.add('/photos', 'photos')
  assert.ok(catalogue.models.swap(catalogue.models.add('first', modelRecord(), 0)))
  const ids = Array.from({ length: 40 }, (_, i) => addIndexed(catalogue, folder, `${i}.jpg`, i))
  catalogue.favourites.set(ids.slice(0, 1), true)
  makeCopy(library, COPIED)
  catalogue.favourites.set(ids.slice(1, 2), true)
  catalogue.close()
  return { library, path: join(library, CATALOGUE_FILE) }
}

/** Overwrites pages, given by the names of their tables or indexes, or all but the first. */
function overwrite(path: string, names?: readonly string[]): void {
  const database = openDatabase(path)
  const roots = database.columns('SELECT name, rootpage FROM sqlite_schema')()
  const pages = [...roots].filter(([name]) => names?.includes(String(name)))
  database.close()
  const bytes = readFileSync(path)
  if (names) assert.equal(pages.length, names.length)
  else bytes.fill(0xa5, PAGE)
  for (const [, root] of pages) bytes.fill(0xa5, (Number(root) - 1) * PAGE, Number(root) * PAGE)
  writeFileSync(path, bytes)
}

const [FIRST, SECOND] = [hashOf('0.jpg'), hashOf('1.jpg')]
const NEWEST = 'itself'

const DAMAGES: Record<
  string,
  { damage: (path: string) => void; favourites: string[]; from: number | typeof NEWEST }
> = {
  'all but the first page overwritten': {
    damage: (path) => overwrite(path),
    favourites: [FIRST],
    from: COPIED
  },
  'the photos overwritten': {
    damage: (path) => overwrite(path, ['photos']),
    favourites: [FIRST, SECOND],
    from: NEWEST
  },
  'an index overwritten': {
    damage: (path) => overwrite(path, ['photos_by_hash']),
    favourites: [FIRST, SECOND],
    from: NEWEST
  },
  'the favourites overwritten': {
    damage: (path) => overwrite(path, ['favourites']),
    favourites: [FIRST],
    from: COPIED
  },
  'the models overwritten': {
    damage: (path) => overwrite(path, ['models']),
    favourites: [FIRST, SECOND],
    from: NEWEST
  },
  'the first page overwritten': {
    damage(path) {
      const bytes = readFileSync(path)
      writeFileSync(path, bytes.fill(0xa5, 0, PAGE))
    },
    favourites: [FIRST],
    from: COPIED
  },
  'cut off in the middle': {
    damage: (path) => truncateSync(path, 5 * PAGE + 100),
    favourites: [FIRST],
    from: COPIED
  },
  'cut off in the header': {
    damage: (path) => truncateSync(path, 50),
    favourites: [FIRST],
    from: COPIED
  },
  emptied: { damage: (path) => truncateSync(path, 0), favourites: [FIRST], from: COPIED },
  'another file in its place': {
    damage: (path) => writeFileSync(path, 'a letter to grandmother. '.repeat(700)),
    favourites: [FIRST],
    from: COPIED
  }
}

for (const [what, { damage, favourites, from }] of Object.entries(DAMAGES))
  test(`a catalogue is damaged: ${what}`, (context) => {
    const { library, path } = libraryOf(context)
    damage(path)
    const before = readFileSync(path)
    const began = Date.now()
    const { rebuilt, release } = holdLibrary(library)
    release()
    assert.ok(rebuilt)
    if (from === NEWEST) assert.ok((rebuilt.from ?? 0) >= began)
    else assert.equal(rebuilt.from, from)
    assert.deepEqual(readFileSync(join(library, rebuilt.kept)), before, 'the damaged file is kept')

    const catalogue = openCatalogue(library)
    assert.deepEqual(catalogue.favourites.hashes(), [...favourites].sort())
    assert.equal(catalogue.folders.list()[0]?.path, '/photos')
    assert.equal(catalogue.models.list()[0]?.state, 'serving')
    assert.deepEqual(catalogue.settings.rebuilt(), rebuilt, 'until it was read')
    assert.equal(catalogue.work.counts().indexed, 0)
    catalogue.close()
    assert.equal(copiesOf(library).length, 1)
    assert.equal(holdAgain(library), undefined, 'once')
  })

function holdAgain(library: string): unknown {
  const { rebuilt, release } = holdLibrary(library)
  release()
  return rebuilt
}

test('damage without any copy gives an empty catalogue, and says so', (context) => {
  const library = temporaryFolder(context)
  openCatalogue(library).close()
  overwrite(join(library, CATALOGUE_FILE))
  const { rebuilt, release } = holdLibrary(library)
  release()
  assert.equal(rebuilt?.from, null)
  assert.match(rebuiltSentence(rebuilt), /^The catalogue was damaged: no copy .* kept: kindred-dam/)
})

test('a damaged copy is passed over for the one before', (context) => {
  const { library, path } = libraryOf(context)
  const later = makeCopy(library, COPIED + 1)
  assert.ok(later)
  overwrite(later.path)
  truncateSync(path, 0)
  const { rebuilt, release } = holdLibrary(library)
  release()
  assert.equal(rebuilt?.from, COPIED)
})

test('what is not damaged is never set aside', (context) => {
  for (const [what, script, kind] of [
    ['a newer version', 'PRAGMA user_version = 99', 'version-mismatch'],
    ['sound', '', undefined]
  ] as const) {
    const { library, path } = libraryOf(context)
    const database = openDatabase(path)
    database.script(script)
    database.close()
    const before = readdirSync(library).sort()
    if (kind) assert.throws(() => holdLibrary(library), (error) => isFault(error, kind), what)
    else assert.equal(holdAgain(library), undefined)
    assert.deepEqual(readdirSync(library).sort(), before)
  }
  const library = temporaryFolder(context)
  const foreign = openDatabase(join(library, CATALOGUE_FILE))
  foreign.script('CREATE TABLE bookmarks (url TEXT)')
  foreign.close()
  assert.throws(
    () => holdLibrary(library),
    (error) => isFault(error, 'foreign-library')
  )
  assert.equal(readdirSync(library).filter((name) => name.startsWith('kindred-damaged')).length, 0)
})

test('a replacement that was cut short is brought to its end', (context) => {
  // Killed before, while, and after the damaged file was moved.
  for (const cut of ['before', 'within', 'after']) {
    const { library, path } = libraryOf(context)
    const damagedLibrary = libraryOf(context)
    truncateSync(damagedLibrary.path, 0)
    holdLibrary(damagedLibrary.library).release()
    renameSync(damagedLibrary.path, join(library, REBUILT_FILE))
    writeFileSync(`${path}-wal`, 'changes that were not checkpointed')
    const reader = openDatabase(join(library, REBUILT_FILE))
    reader.close()
    const kept = join(library, 'kept.sqlite')
    if (cut !== 'before') renameSync(`${path}-wal`, `${kept}-wal`)
    if (cut === 'after') renameSync(path, kept)
    const { rebuilt, release } = holdLibrary(library)
    release()
    assert.equal(rebuilt?.from, COPIED, cut)
    assert.equal(existsSync(join(library, rebuilt.kept)), cut !== 'after', cut)
    assert.equal(existsSync(join(library, REBUILT_FILE)), false)
    const catalogue = openCatalogue(library)
    assert.deepEqual(catalogue.favourites.hashes(), [FIRST], cut)
    catalogue.close()
  }
})

test('damage that is met at work is told, noted, and looked for thoroughly', (context) => {
  const { library, path } = libraryOf(context)
  overwrite(path, ['features'])
  const told: string[] = []
  const catalogue = connectCatalogue(library, 'write', ({ kind }) => told.push(kind))
  assert.throws(
    () => catalogue.vectors.feature(1, 'b'.repeat(64)),
    (error) => isFault(error, 'library-damaged')
  )
  catalogue.close()
  assert.deepEqual(told, ['library-damaged'])
  assert.ok(existsSync(join(library, SUSPECT_FILE)))
  assert.notEqual(holdAgain(library), undefined)
  assert.equal(existsSync(join(library, SUSPECT_FILE)), false)
})
