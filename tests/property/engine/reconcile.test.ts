// Any events on a real disk, with looks between them (of everything, or only where something
// happened), end in the catalogue that a first look at the same disk gives.
import assert from 'node:assert/strict'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test from 'node:test'
import fc from 'fast-check'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import type { Catalogue } from '../../../main/catalogue/catalogue.ts'
import { contentHash } from '../../../main/engine/folders/content-hash.ts'
import { reconcile } from '../../../main/engine/folders/reconcile.ts'
import type { Start } from '../../../main/engine/folders/visit.ts'

const DIRECTORIES = ['', 'a', 'a/b', 'a/b/c', 'd'] as const
const NAMES = ['1.jpg', '2.png', '3.heic', 'I.jpg', 'i.jpg', 'note.txt'] as const
const directory = fc.constantFrom(...DIRECTORIES)
const file = fc
  .tuple(directory, fc.constantFrom(...NAMES))
  .map(([parent, name]) => join(parent, name))

type Event =
  | { what: 'write' | 'append' | 'delete'; path: string }
  | { what: 'move' | 'copy'; path: string; to: string }
  | { what: 'deleteFolder'; path: string }
  | { what: 'moveFolder'; path: string; to: string }
  | { what: 'look' | 'lookWhereNeeded' | 'describe' }

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constantFrom('write' as const), path: file }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constantFrom('append' as const, 'delete' as const),
      path: file
    })
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constantFrom('move' as const, 'copy' as const),
      path: file,
      to: file
    })
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('deleteFolder' as const), path: directory })
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('moveFolder' as const),
      path: directory,
      to: directory
    })
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constantFrom('look' as const, 'lookWhereNeeded' as const, 'describe' as const)
    })
  }
)

let contents = 0

/** Does it if it can be done; the directories where something happened. */
function happen(root: string, one: Event): string[] {
  const at = (path: string): string => join(root, path)
  const parentOf = (path: string): string => (dirname(path) === '.' ? '' : dirname(path))
  if (one.what === 'write') {
    mkdirSync(dirname(at(one.path)), { recursive: true })
    writeFileSync(at(one.path), 'x'.repeat(contents++ % 7)) // sizes repeat, contents do too
    return aboveOf(one.path)
  }
  if (!('path' in one) || !existsSync(at(one.path))) return []
  if (one.what === 'append') appendFileSync(at(one.path), 'more')
  if (one.what === 'delete') rmSync(at(one.path))
  if (one.what === 'move' || one.what === 'copy') {
    mkdirSync(dirname(at(one.to)), { recursive: true })
    if (one.what === 'move') renameSync(at(one.path), at(one.to))
    else if (one.path !== one.to) copyFileSync(at(one.path), at(one.to))
    return [parentOf(one.path), ...aboveOf(one.to)]
  }
  if (one.what === 'deleteFolder' && one.path !== '') rmSync(at(one.path), { recursive: true })
  if (one.what === 'moveFolder') {
    if (one.path === '' || existsSync(at(one.to)) || `${one.to}/`.startsWith(`${one.path}/`))
      return []
    mkdirSync(dirname(at(one.to)), { recursive: true })
    renameSync(at(one.path), at(one.to))
    return [parentOf(one.path), ...aboveOf(one.to), one.to]
  }
  return [parentOf(one.path)]
}

/** The directories above a path, which may all be new. */
function aboveOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return ['', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))]
}

interface Looker {
  look(starts: Start[]): Promise<void>
  catalogue: Catalogue
}

function looker(library: string, root: string): Looker {
  const catalogue = openCatalogue(library)
  catalogue.folders.add(root, 'photos')
  const known = new Set<string>()
  return {
    catalogue,
    async look(starts) {
      const [folder] = catalogue.folders.list()
      assert.ok(folder)
      await reconcile(catalogue, [{ folder, starts, known }], { settle: 0, now: Date.now })
    }
  }
}

/** Path, size and whether it is refused, of each photo that is there. */
function state({ photos }: Catalogue): string[] {
  return photos
    .paths(0, 10_000)
    .map(({ id, directory: parent, name }) => {
      const shown = photos.shown(id)
      return `${join(parent, name)} ${shown?.fileSize} ${shown?.status === 'failed'}`
    })
    .sort()
}

/** What is said of a photo's content is true of the file at its path. */
async function assertTrue({ photos }: Catalogue): Promise<void> {
  for (const { id, root, directory: parent, name } of photos.paths(0, 10_000)) {
    if (photos.shown(id)?.status !== 'indexed') continue
    assert.equal(photos.place(id)?.hash, await contentHash(join(root, parent, name)), name)
  }
}

/** As if compute had described all pending photos: moves are then told by content too. */
async function describeAll({ work }: Catalogue): Promise<void> {
  for (const task of work.pending(1000)) {
    const hash = await contentHash(join(task.root, task.directory, task.name))
    if (hash) work.describe(task, { hash, width: 1, height: 1, capturedAt: null })
  }
}

test('random events and looks give the catalogue of a first look', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 40 }), async (events) => {
      const home = mkdtempSync(join(tmpdir(), 'kindred-property-'))
      const root = join(home, 'photos')
      mkdirSync(root)
      writeFileSync(join(root, 'never empty.txt'), '') // an empty folder counts as absent
      const old = looker(join(home, 'old'), root)
      const fresh = looker(join(home, 'fresh'), root)
      try {
        let touched: string[] = []
        for (const one of events) {
          touched.push(...happen(root, one))
          if (one.what === 'look') await old.look([{ directory: '', deep: true }])
          if (one.what === 'lookWhereNeeded')
            await old.look(
              [...new Set(touched)].map((where) => ({ directory: where, deep: false }))
            )
          if (one.what === 'look' || one.what === 'lookWhereNeeded') touched = []
          if (one.what === 'describe') await describeAll(old.catalogue)
        }
        await old.look([...new Set(touched)].map((where) => ({ directory: where, deep: false })))
        await fresh.look([{ directory: '', deep: true }])
        assert.deepEqual(state(old.catalogue), state(fresh.catalogue), 'where something happened')
        await old.look([{ directory: '', deep: true }])
        assert.deepEqual(state(old.catalogue), state(fresh.catalogue), 'everywhere')
        await assertTrue(old.catalogue)
      } finally {
        old.catalogue.close()
        fresh.catalogue.close()
        rmSync(home, { recursive: true, force: true })
      }
    }),
    { numRuns: 40 }
  )
})
