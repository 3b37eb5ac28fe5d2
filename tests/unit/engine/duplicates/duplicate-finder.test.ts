// Duplicates are found in a real thread over a real library: once for each revision, told how far
// it is, stopped when another finding takes its place; and its groups are told as they are now.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { openCatalogue } from '../../../../main/catalogue/catalogue.ts'
import { createDuplicateFinder } from '../../../../main/engine/duplicates/duplicate-finder.ts'
import { duplicateHandlers, unprotected } from '../../../../main/engine/duplicates/duplicate-handlers.ts'
import { isFault } from '../../../../main/wire/fault.ts'
import { BACKBONE, addCopy, temporaryFolder } from '../../../support/library.ts'

const signal = new AbortController().signal

/** A library of equal files: three of one content, two of another. */
function libraryOf(context: TestContext) {
  const library = temporaryFolder(context)
  const catalogue = openCatalogue(library)
  context.after(() => catalogue.close())
  const folder = catalogue.folders.add('/photos', 'photos')
  const add = (name: string, content: string): number => addCopy(catalogue, folder, name, content)
  const three = ['a.jpg', 'aa.jpg', 'aaa.jpg'].map((name) => add(name, 'a'))
  const two = ['b.jpg', 'bb.jpg'].map((name) => add(name, 'b'))
  const told: number[] = []
  const state = { revision: 1 }
  const finder = createDuplicateFinder({
    library,
    serving: { serving: () => undefined, backbone: () => BACKBONE },
    revision: () => state.revision,
    tell: ({ done, total }) => (told.push(done), assert.ok(done <= total)),
    onDamage: (fault) => assert.fail(fault)
  })
  context.after(() => finder.close())
  const handlers = duplicateHandlers(catalogue, finder)
  return { catalogue, folder, add, three, two, finder, handlers, state, told }
}

test('what is found is kept until the library changes, and told as it is now', async (context) => {
  const { catalogue, add, three, two, finder, handlers, state, told } = libraryOf(context)
  const totals = await handlers.findDuplicates({}, signal)
  assert.equal(totals.identical.groups, 2)
  assert.deepEqual([totals.same.groups, totals.bursts.groups, totals.decided], [0, 0, 0])
  assert.ok(told.includes(0), 'it is told that it began')
  add('bbb.jpg', 'b')
  assert.deepEqual(await handlers.findDuplicates({}, signal), totals, 'found once')

  const { finding } = totals
  const groups = async (kind: 'identical' | 'decided', offset = 0, count = 10) =>
    (await handlers.duplicateGroups({ finding, kind, offset, count }, signal)).groups
  const idsOf = async (...asked: Parameters<typeof groups>): Promise<number[][]> =>
    (await groups(...asked)).map(({ photos }) => photos.map(({ id }) => id))
  const all = await idsOf('identical')
  assert.deepEqual(all.map((ids) => ids.length).sort(), [2, 3])
  assert.deepEqual(all.flat().sort((a, b) => a - b), [...three, ...two])
  assert.deepEqual([...(await idsOf('identical', 1)), ...(await idsOf('identical', 0, 1))], [
    ...all.slice(1),
    ...all.slice(0, 1)
  ])
  const [photo] = (await groups('identical'))[0]?.photos ?? []
  assert.deepEqual([photo?.folder, photo?.isProtected, photo?.width], ['photos', false, 4])

  // Of two one left: that is no group any more.
  catalogue.files.leave(two[0] ?? 0, 5)
  assert.deepEqual((await idsOf('identical')).filter((ids) => ids.length > 0), [three])
  const decision = catalogue.duplicateDecisions.add(three, 7)
  assert.deepEqual((await groups('decided')).map((one) => one.decision), [decision])

  state.revision++
  const next = await handlers.findDuplicates({}, signal)
  assert.deepEqual([next.identical.groups, next.decided], [1, 1])
  assert.notEqual(next.finding, finding)
  state.revision++
  await finder.find()
  assert.throws(() => finder.kept(finding), (error) => isFault(error, 'not-found'))
})

test('a finding gives way to the next', async (context) => {
  const { finder, state } = libraryOf(context)
  const first = finder.find()
  const same = finder.find()
  state.revision++
  const second = finder.find()
  for (const one of [first, same])
    await assert.rejects(one, (error) => isFault(error, 'cancelled'))
  assert.equal((await second).identical.ends.length, 2)
})

test('only what is unprotected and there may go', async (context) => {
  const { catalogue, folder, three } = libraryOf(context)
  assert.deepEqual(unprotected(catalogue, [...three, 999]), three)
  catalogue.duplicateDecisions.setPlaces([{ folder, directory: 'x', isProtected: true }])
  assert.deepEqual(unprotected(catalogue, three), three)
  catalogue.duplicateDecisions.setPlaces([{ folder, directory: '', isProtected: true }])
  assert.deepEqual(unprotected(catalogue, three), [])
  catalogue.duplicateDecisions.setPlaces([])
  catalogue.folders.setPresent(folder, false)
  assert.deepEqual(unprotected(catalogue, three), [])
})
