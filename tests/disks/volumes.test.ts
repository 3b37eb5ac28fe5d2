// Drives are known by the UUIDs of their file systems: another one in the same place is another,
// and one that is mounted elsewhere is found. Real file systems on loop devices.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { haveDrivesChanged } from '../../main/engine/folders/drives.ts'
import { addFolder } from '../../main/engine/folders/library-folders.ts'
import { placeNow } from '../../main/engine/folders/moved-folder.ts'
import { currentMounts } from '../../main/engine/faults/disk.ts'
import { presenceOf } from '../../main/engine/folders/presence.ts'
import { temporaryFolder } from '../support/library.ts'
import { describe, disk } from '../support/scanned-folder.ts'
import type { Disk } from '../support/scanned-folder.ts'
import { NO_VOLUMES, volume } from '../support/volumes.ts'
import type { Volume } from '../support/volumes.ts'

const skip = NO_VOLUMES
const CARD = { 'DCIM/1.jpg': 'the first of a card', 'DCIM/2.jpg': 'the second' }
const OTHER = { 'DCIM/1.jpg': 'a photo of another card', 'DCIM/3.jpg': 'one more' }

async function described(it: Disk): Promise<void> {
  for (const row of it.rows()) {
    const id = it.idOf(row.replace(/ pending$/, ''))
    if (row.endsWith('pending') && id !== undefined) await describe(it, id)
  }
}

async function haveChanged({ catalogue }: Disk): Promise<boolean> {
  const [row] = catalogue.folders.list()
  assert.ok(row)
  return haveDrivesChanged(catalogue, row, currentMounts())
}

test('another card at the same place is not taken for the first', { skip }, async (context) => {
  const [card, other] = [volume(context, CARD), volume(context, OTHER)]
  const it = disk(context)
  const point = join(it.root, 'card')
  it.put('a.jpg')
  card.mount(point)
  await it.scan()
  await described(it)
  const all = ['a.jpg indexed', 'card/DCIM/1.jpg indexed', 'card/DCIM/2.jpg indexed']
  assert.deepEqual(it.rows(), all)
  assert.match(it.catalogue.mounts.ofFolder(it.folder).at(-1)?.volume ?? '', /^uuid /)

  card.unmount()
  other.mount(point)
  assert.equal(await haveChanged(it), true)
  const findings = await it.scan()
  assert.deepEqual([findings.changed, it.rows()], [false, all])
  const away = it.catalogue.mounts.ofFolder(it.folder).filter((row) => row.away)
  assert.deepEqual(away.map(({ directory }) => directory), ['card'])
  assert.equal(await haveChanged(it), false, 'it is not looked at all the time')

  other.unmount()
  card.mount(point)
  assert.equal(await haveChanged(it), true)
  await it.scan()
  assert.deepEqual(it.rows(), all, 'nothing is described anew')

  // A person says that the other card is the one from now on.
  card.unmount()
  other.mount(point)
  await it.scan()
  assert.equal((await addFolder(it.catalogue, point)).id, it.folder)
  await it.scan()
  assert.deepEqual(it.rows(), [
    'a.jpg indexed',
    'card/DCIM/1.jpg pending',
    'card/DCIM/3.jpg pending'
  ])
})

interface OnCard extends Disk, Volume {
  place: string // in which the card is mounted
}

/** A library of one folder, on a card. */
async function onCard(context: TestContext): Promise<OnCard> {
  const card = volume(context, CARD)
  const place = temporaryFolder(context)
  const it = disk(context)
  card.mount(join(place, 'one'))
  const { id } = await addFolder(it.catalogue, join(place, 'one/DCIM'))
  it.catalogue.folders.remove(it.folder, Date.now())
  const [row] = it.catalogue.folders.list()
  assert.ok(row?.id === id && (await presenceOf(it.catalogue, row)).present)
  await it.scan()
  return { ...it, ...card, place }
}

test('a drive that is mounted elsewhere is found by itself, and when it is added', { skip }, async (context) => {
  const it = await onCard(context)
  const [row] = it.catalogue.folders.list()
  assert.ok(row)
  const place = async (): Promise<string | undefined> =>
    placeNow(it.catalogue, row, currentMounts())
  it.unmount()
  assert.equal((await presenceOf(it.catalogue, row)).present, false)
  assert.equal(await place(), undefined)
  const elsewhere = join(it.place, 'two/DCIM')
  it.mount(join(it.place, 'two'))
  assert.equal(await place(), elsewhere)
  // Its photos may all be others by now.
  for (const name of ['1.jpg', '2.jpg']) writeFileSync(join(elsewhere, name), `${name}, edited`)
  assert.deepEqual(await addFolder(it.catalogue, elsewhere), { id: row.id })
  assert.equal(it.catalogue.folders.get(row.id)?.path, elsewhere)
  assert.equal((await presenceOf(it.catalogue, { ...row, path: elsewhere })).present, true)
})
