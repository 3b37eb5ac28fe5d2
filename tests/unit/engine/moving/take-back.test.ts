// What is done after a fault in the middle of a move: no file is lost, whatever the system has
// carried out although it told of a fault, as network drives do.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { takeBack } from '../../../../main/engine/moving/transfer.ts'
import { temporaryFolder } from '../../../support/library.ts'

/** Files in one folder, whose names in the other are reserved. */
function prepared(home: string, names: readonly string[]) {
  const [here, there] = [join(home, 'here'), join(home, 'there')]
  for (const folder of [here, there]) mkdirSync(folder)
  const staged = names.map((name) => {
    const path = join(here, name)
    writeFileSync(path, name)
    writeFileSync(join(there, name), '')
    return { path, at: path, copies: false, isCopy: false, was: statSync(path) }
  })
  return { here, there, staged }
}

test('a move that was carried out, though a fault was told, is taken back', async (context) => {
  const names = ['a.jpg', 'a.xmp']
  const { here, there, staged } = prepared(temporaryFolder(context), names)
  renameSync(join(here, 'a.jpg'), join(there, 'a.jpg')) // none is known to have its name
  await takeBack(there, staged, names, 0)
  assert.deepEqual([readdirSync(here).sort(), readdirSync(there)], [names, []])
  assert.equal(readFileSync(join(here, 'a.jpg'), 'utf8'), 'a.jpg')
})

test('what took a reserved name meanwhile stays', async (context) => {
  const { here, there, staged } = prepared(temporaryFolder(context), ['a.jpg'])
  writeFileSync(join(there, 'a.jpg'), 'of another program')
  await takeBack(there, staged, ['a.jpg'], 0)
  assert.deepEqual([readdirSync(here), readdirSync(there)], [['a.jpg'], ['a.jpg']])
})

test('a copy that got its name, though a fault was told, goes again', async (context) => {
  const { here, there, staged } = prepared(temporaryFolder(context), ['a.jpg'])
  writeFileSync(join(there, 'a.jpg'), 'a.jpg')
  const copy = { ...staged[0]!, at: join(there, '.kindred-1.part'), isCopy: true }
  await takeBack(there, [copy], ['a.jpg'], 0)
  assert.deepEqual([readdirSync(here), readdirSync(there)], [['a.jpg'], []])
})

test('one file that cannot be brought back does not keep the others away', async (context) => {
  const names = ['a.jpg', 'a.xmp']
  const { here, there, staged } = prepared(temporaryFolder(context), names)
  renameSync(join(here, 'a.xmp'), join(there, 'a.xmp'))
  // The first is gone from both places.
  for (const folder of [here, there]) renameSync(join(folder, 'a.jpg'), join(folder, '..', 'x'))
  await takeBack(there, staged, names, 2)
  assert.deepEqual([readdirSync(here), readdirSync(there)], [['a.xmp'], []])
})
