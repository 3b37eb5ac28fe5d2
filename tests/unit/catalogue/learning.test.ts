// The tables of learning: views belong to content and base, a run keeps all it needs, models know
// what they have grown from.
import assert from 'node:assert/strict'
import test from 'node:test'
import { join } from 'node:path'
import { CATALOGUE_FILE, openCatalogue } from '../../../main/catalogue/catalogue.ts'
import { openDatabase } from '../../../main/catalogue/database.ts'
import {
  addIndexed,
  encodingOf,
  modelRecord,
  temporaryCatalogue,
  temporaryFolder
} from '../../support/library.ts'

const LEARNED = {
  depth: 'head',
  device: 'cpu',
  seconds: 60,
  steps: 1000,
  scoreBefore: 0.5,
  scoreAfter: 0.6,
  witnessShare: 0.05
} as const

test('views: of a photo and a base, gone with either or when the photo changes', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const [a, b, c] = ['a.jpg', 'b.jpg', 'c.jpg'].map((name) => addIndexed(catalogue, folder, name))
  const base = catalogue.models.add('first', modelRecord(), 1, 'retired')
  const other = catalogue.models.add('first', modelRecord(), 1, 'retired')
  for (const id of [a, b, c]) catalogue.views.put(id!, base, new Uint16Array(1024).fill(id!))
  catalogue.views.put(a!, other, new Uint16Array(1024))
  catalogue.views.put(777, base, new Uint16Array(1024)) // left meanwhile
  assert.deepEqual([...catalogue.views.photos(base)].sort(), [a, b, c])
  assert.equal(catalogue.views.get(b!, base)?.[0], b)

  catalogue.transaction(() =>
    catalogue.vectors.putFeature(a!, 'b'.repeat(64), new Uint16Array(8).fill(3))
  )
  assert.deepEqual([...catalogue.views.photos(base)].sort(), [b, c], 'a has other content now')
  catalogue.vectors.drop(b!)
  assert.deepEqual([...catalogue.views.photos(base)], [c])
  catalogue.views.put(a!, other, new Uint16Array(1024))
  assert.equal(catalogue.views.dropOthers(base, 10), 1)
  assert.equal(catalogue.views.photos(other).size, 0)
  catalogue.models.erase(base)
  assert.equal(catalogue.views.photos(base).size, 0)
})

test('runs: one is unfinished at most, and it keeps what it needs to go on', (context) => {
  const catalogue = temporaryCatalogue(context)
  const { runs, models } = catalogue
  assert.equal(runs.unfinished(), undefined)
  const options = { depth: 'head', bits: 32 } as const
  const { id } = runs.start(options, 100)
  assert.throws(() => runs.start(options, 101), /UNIQUE/)
  const base = models.add('first', modelRecord(), 1)
  runs.setBase(id, base)
  assert.equal(models.isBase(base), true, 'of a run that goes on')
  runs.setSample(id, Uint32Array.of(3, 70_000, 5), 0.25)
  runs.setCheckpoint(id, Uint8Array.of(1, 2))
  runs.addSeconds(id, 2)
  runs.addSeconds(id, 1.5)
  assert.deepEqual(runs.unfinished(), {
    id,
    options,
    startedAt: 100,
    seconds: 3.5,
    base,
    witnessShare: 0.25,
    outcome: null,
    model: null,
    endedAt: null,
    result: null
  })
  assert.deepEqual(runs.sample(id), Uint32Array.of(3, 70_000, 5))
  assert.deepEqual([...(runs.checkpoint(id) ?? [])], [1, 2])
  const scores = { scoreBefore: 0.4, scoreAfter: 0.5 }
  const trained = { steps: 9, stepMilliseconds: 1, device: 'cpu', setting: null }
  const verdict = null
  const judged = { verdict, opponent: 'start' as const, prices: [{ bits: 32, score: 0.5 }] }
  const outcome = { kept: true, ...scores, ...trained, ...judged }
  const model = models.addLearned(modelRecord(), 2, { ...LEARNED, base })
  runs.setOutcome(id, outcome, model)
  assert.equal(runs.checkpoint(id), undefined, 'not needed any more')
  assert.deepEqual(runs.unfinished()?.outcome, outcome)

  const { device: _, setting: __, opponent: ___, prices: ____, ...figures } = outcome
  const result = { reason: 'Kept.', seconds: 4, model, ...figures }
  runs.end(id, result, 200)
  assert.equal(runs.unfinished(), undefined)
  assert.deepEqual(runs.lastEnded()?.result, result)
  assert.equal(runs.sample(id), undefined)
  const given = runs.start({ depth: 'head' }, 300)
  runs.end(given.id, null, 301)
  assert.equal(runs.lastEnded()?.id, id, 'one that was given up has no result')
  assert.equal(models.isBase(base), true, 'of a learned model')
  assert.equal(models.isBase(model), false)
})

test('runs: a setting that was kept under other names is read', (context) => {
  const library = temporaryFolder(context)
  const catalogue = openCatalogue(library)
  const { id } = catalogue.runs.start({ depth: 'head' }, 100)
  catalogue.close()
  const setting = { loss: 'spq', pairs: 'neighbours', temperature: 0.2, steps: 9 } as const
  const outcome = { kept: true, scoreBefore: 0, scoreAfter: 1, steps: 9, stepMilliseconds: 1 }
  const before = { ...outcome, device: 'cpu', setting: { ...setting, q: 0.5, r: 0.92 } }
  const database = openDatabase(join(library, CATALOGUE_FILE))
  const write = database.command('UPDATE runs SET outcome = $outcome WHERE id = $id')
  write.run({ id, outcome: JSON.stringify(before) })
  database.close()
  const again = openCatalogue(library)
  context.after(() => again.close())
  assert.deepEqual(again.runs.unfinished()?.outcome?.setting, {
    ...setting,
    neighbourShare: 0.5,
    similarityRatio: 0.92
  })
})

test('models: what was learned is kept with them, and when they served last', (context) => {
  const catalogue = temporaryCatalogue(context)
  const { models } = catalogue
  const folder = catalogue.folders.add('/photos', 'photos')
  const photo = addIndexed(catalogue, folder, 'a.jpg')
  const first = models.add('first', modelRecord(), 1)
  const learned = models.addLearned(modelRecord(), 2, { ...LEARNED, base: first })
  for (const id of [first, learned]) catalogue.vectors.putEncoding(photo, id, encodingOf(id))
  assert.equal(models.swap(first, 10), true)
  assert.equal(models.swap(learned, 20), true)
  assert.deepEqual([models.get(first)?.state, models.get(first)?.servedUntil], ['retired', 20])
  const { base, device, seconds, steps, scoreBefore, scoreAfter, witnessShare } =
    models.get(learned)!
  assert.deepEqual(
    { depth: 'head', device, seconds, steps, scoreBefore, scoreAfter, witnessShare },
    LEARNED
  )
  assert.equal(base, first)
  assert.equal(models.swap(first, 30), true, 'the way back')
  assert.deepEqual([models.get(first)?.state, models.get(first)?.servedUntil], ['serving', null])
  const other = models.addLearned(modelRecord(), 4, { ...LEARNED, base: first })
  models.retireCandidate(other)
  models.retireCandidate(first)
  assert.deepEqual([models.get(other)?.state, models.get(first)?.state], ['retired', 'serving'])
})

test('models: the blind one is kept beside what serves; one without is its own', (context) => {
  const { models } = temporaryCatalogue(context)
  const [served, blind] = [modelRecord(), modelRecord()].map((record, place) => ({
    ...record,
    weights: record.weights.slice().fill(place + 1)
  }))
  const first = models.add('first', served!, 1)
  const learned = models.addLearned(served!, 2, { ...LEARNED, base: first }, blind)
  const older = models.addLearned(served!, 3, { ...LEARNED, base: first })
  assert.deepEqual(models.record(learned), served)
  assert.deepEqual(models.blind(learned), blind)
  for (const id of [first, older]) assert.deepEqual(models.blind(id), models.record(id))
})

test('settings of learning: paused, until when, devices, bits', (context) => {
  const { settings, vectors, ...catalogue } = temporaryCatalogue(context)
  assert.deepEqual([settings.learningPaused(), settings.learnedUntil()], [false, undefined])
  settings.setLearningPaused(true)
  settings.setLearnedUntil({ at: 5, photos: 300 })
  assert.equal(settings.learningPaused(), true)
  assert.deepEqual(settings.learnedUntil(), { at: 5, photos: 300 })
  assert.equal(settings.bits(), undefined, 'nobody chose any')
  settings.setBits(32)
  assert.equal(settings.bits(), 32)
  const devices = { devices: [], measuredAt: 3, note: null, machine: 'x' }
  settings.setDevices(devices)
  assert.deepEqual(settings.devices(), devices)

  const folder = catalogue.folders.add('/photos', 'photos')
  const before = Date.now() - 1
  const photo = addIndexed({ settings, vectors, ...catalogue }, folder, 'a.jpg')
  assert.equal(vectors.madeSince(before), 1)
  assert.equal(vectors.madeSince(Date.now() + 1000), 0)
  assert.ok((vectors.madeAt(photo) ?? 0) > before)
})
