// JSON in columns that cannot be read: whatever it is, the library opens and answers.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import { openDatabase } from '../../../main/catalogue/database.ts'
import { CATALOGUE_FILE } from '../../../main/catalogue/library-files.ts'
import { addIndexed, addPending, faultRecord, temporaryFolder } from '../../support/library.ts'

const UNREADABLE = ['{', '', 'null', '3', '[1]', '{"kind":"renamed"}', '{"kind":"disk-full"}']

for (const text of UNREADABLE)
  test(`a library with "${text}" in each column of JSON answers`, (context) => {
    const library = temporaryFolder(context)
    const catalogue = openCatalogue(library)
    context.after(() => catalogue.close())
    const folder = catalogue.folders.add('/photos', 'photos')
    const other = catalogue.folders.add('/others', 'others')
    const shown = addIndexed(catalogue, folder, 'shown.jpg')
    const failed = addPending(catalogue, folder, 'failed.jpg')
    const waits = addPending(catalogue, folder, 'waits.jpg')
    addPending(catalogue, other, 'held.jpg')
    catalogue.work.fail(catalogue.work.task(failed)!, faultRecord('corrupt-photo'))
    catalogue.waits.photo(catalogue.work.task(waits)!, faultRecord('no-access'), 1000)
    catalogue.waits.folder(other, faultRecord('disk-error'), 1000)
    catalogue.runs.start({ depth: 'head' }, 0)

    const raw = openDatabase(join(library, CATALOGUE_FILE))
    context.after(() => raw.close())
    const set = (sql: string): void => void raw.command(sql).run({ text })
    set('UPDATE photos SET fault = $text WHERE fault IS NOT NULL')
    set('UPDATE photos SET companions = $text, holds = $text')
    set('UPDATE folders SET fault = $text WHERE fault IS NOT NULL')
    set('UPDATE runs SET options = $text, outcome = $text, result = $text')
    for (const name of ['stop', 'rebuilt', 'devices', 'learned-until'])
      set(`INSERT INTO settings (name, value) VALUES ('${name}', $text)`)

    const { settings } = catalogue
    const none = [settings.stop(), settings.rebuilt(), settings.devices(), settings.learnedUntil()]
    assert.deepEqual(none, [undefined, undefined, undefined, undefined])
    assert.deepEqual(
      catalogue.photos.failures(0, 9).map(({ id, fault }) => [id, fault.kind, fault.about]),
      [[failed, 'internal', 'photo']]
    )
    assert.deepEqual(
      catalogue.waits.groups().map(({ fault, photos }) => [fault.kind, photos]),
      [['internal', 1], ['internal', 1]]
    )
    const row = catalogue.photos.shown(shown)
    assert.deepEqual([row?.companions, row?.holds], [[], null])
    catalogue.favourites.set([shown], true)
    const { companions } = catalogue
    assert.deepEqual(companions.marked(shown)?.companions, [])
    assert.ok(companions.others(folder, '').every((one) => one.companions.length === 0))
    assert.equal(companions.ownerOf(folder, '', 'shown.arw'), undefined)
    assert.deepEqual(catalogue.runs.unfinished()?.options, { depth: 'head' })
    assert.deepEqual([catalogue.runs.unfinished()?.outcome, catalogue.runs.lastEnded()?.result], [
      null,
      null
    ])
  })
