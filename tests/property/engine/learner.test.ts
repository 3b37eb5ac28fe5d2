// Random commands to a real learner over a real catalogue, with a compute that answers well, with a
// fault or not at all: whoever asked is told, closing ends, and what serves is whole.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import fc from 'fast-check'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import type { Catalogue } from '../../../main/catalogue/catalogue.ts'
import type { Context } from '../../../main/engine/context.ts'
import { createFitter } from '../../../main/engine/learning/fitter.ts'
import type { Learner } from '../../../main/engine/learning/learner-api.ts'
import { createLearner } from '../../../main/engine/learning/learner.ts'
import { createModelSwap } from '../../../main/engine/learning/model-swap.ts'
import { createTidying } from '../../../main/engine/learning/tidying.ts'
import { Fault, isFault } from '../../../main/wire/fault.ts'
import type { LearnOptions } from '../../../main/wire/learning-contract.ts'
import { encode, multiplyReference, serialiseQuantizer } from '../../../model/retrieval.ts'
import { BACKBONE, fileFacts, hashOf } from '../../support/library.ts'
import { partCompute } from '../../support/part-compute.ts'
import { clusteredFeatures, fitted } from '../../support/quantizers.ts'
import { readerOf } from '../../support/reader-line.ts'

const PHOTOS = 260
const D = 32
const HOUR = 3600_000
const home = mkdtempSync(join(tmpdir(), 'kindred-learner-'))
const whole = join(home, 'library')

/** A library with two models, each with the codes of all photos: one serves, one did before. */
before(async () => {
  const quantizer = await fitted(300, D, { backbone: BACKBONE })
  const features = clusteredFeatures(PHOTOS, D, 10)
  const { projected, descriptors, codes } = await encode(quantizer, features, multiplyReference)
  const catalogue = openCatalogue(whole)
  const folder = catalogue.folders.add('/photos', 'photos')
  const models = [1, 2].map((now) => catalogue.models.add('first', serialiseQuantizer(quantizer), now))
  catalogue.transaction(() => {
    for (let row = 0; row < PHOTOS; row++) {
      const part = <T extends Uint16Array | Uint8Array>(rows: T): T =>
        rows.slice((row * rows.length) / PHOTOS, ((row + 1) * rows.length) / PHOTOS) as T
      const name = `${row}.jpg`
      const id = catalogue.files.insert(folder, '', fileFacts(name), null, 0)
      const size = { width: 4, height: 3, capturedAt: null }
      catalogue.work.describe(catalogue.work.task(id)!, { hash: hashOf(name), ...size })
      catalogue.vectors.putFeature(id, BACKBONE, part(features))
      const [descriptor, code] = [part(descriptors), part(codes)]
      for (const model of models)
        catalogue.vectors.putEncoding(id, model, { projected: part(projected), descriptor, code })
    }
  })
  for (const model of models) catalogue.models.swap(model)
  // A run has grown from the former one: it is not tidied away.
  catalogue.models.addLearned(serialiseQuantizer(quantizer), 3, {
    ...{ base: models[0]!, depth: 'head', device: 'cpu', seconds: 1, steps: 1 },
    ...{ scoreBefore: 0, scoreAfter: 0 }
  })
  catalogue.close()
})
after(() => rmSync(home, { recursive: true, force: true }))

const ANSWERS = ['well', 'never', 'unreadable', 'bad-model', 'device', 'process-lost'] as const
type Answer = (typeof ANSWERS)[number]

/** Answers in this order, then all well. `never`: until the call is cancelled. */
async function answered<T>(answers: Answer[], signal: AbortSignal, well: () => T): Promise<T> {
  const answer = answers.shift() ?? 'well'
  if (answer === 'well') return well()
  if (answer === 'never')
    return new Promise((_, reject) =>
      signal.addEventListener('abort', () => reject(new Error('it was given up')))
    )
  const [subject, expected, received, remedy] = ['cpu', 'luck', 'none', '']
  throw new Fault({ kind: answer, subject, expected, received, remedy })
}

interface Life {
  catalogue: Catalogue
  learner: Learner
  /** Of all that was asked for: what came of it; undefined until something did. */
  outcomes: (string | undefined)[]
  end(): Promise<void>
}

let lives = 0

/** A learner on a copy of the library. */
async function life(answers: Answer[], learns: LearnOptions | undefined): Promise<Life> {
  const library = join(home, `copy-${lives++}`)
  cpSync(whole, library, { recursive: true })
  const catalogue = openCatalogue(library)
  const { link } = partCompute({
    encode: () => assert.fail('every photo has its code'),
    renew: () => ({ outcomes: [] }),
    views: ({ photos, V }, signal) =>
      answered(answers, signal, () => ({
        outcomes: photos.map(({ id }) => ({ outcome: 'seen', id, views: new Uint16Array(V * 256) }))
      })),
    learnHead: (_, signal) =>
      answered(answers, signal, () => ({
        ...{ quantizer: null, setting: null, scoreBefore: 0.6, scoreAfter: 0.5 },
        ...{ steps: 1, stepMilliseconds: 1, provider: 'cpu' }
      })),
    measure: (_, signal) => answered(answers, signal, () => ({ devices: [] }))
  })
  await link.session()
  const context: Context = {
    catalogue,
    link,
    reader: readerOf(catalogue, BACKBONE),
    thumbnails: '/nowhere',
    tuned: '/nowhere',
    giveWay: () => Promise.resolve(),
    onPending: () => undefined,
    onKept: () => undefined,
    onMoved: () => undefined,
    onFitting: () => undefined
  }
  const tidying = createTidying(context)
  const swap = createModelSwap(context, tidying)
  const fitter = createFitter(context, swap)
  await swap.serve(2, new AbortController().signal)
  const surroundings = { isIdle: () => true, readOnly: false, onServing: () => undefined }
  const learner = createLearner({
    ...{ context, fitter, swap, tidying, ...surroundings },
    ...(learns && { learns })
  })
  return {
    catalogue,
    learner,
    outcomes: [],
    async end() {
      link.close()
      catalogue.close()
      rmSync(library, { recursive: true, force: true })
    }
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
}

/** A promise whose end is kept. */
function asked({ outcomes }: Life, promise: Promise<unknown>): void {
  const place = outcomes.push(undefined) - 1
  promise.then(
    () => (outcomes[place] = 'done'),
    (error: unknown) => (outcomes[place] = isFault(error) ? error.kind : String(error))
  )
}

const HEAD: LearnOptions = { depth: 'head' }
const OTHER: LearnOptions = { depth: 'head', seed: 7 }

type Act = readonly [name: string, (life: Life, tick: (ms: number) => void) => unknown]
const ACTS: readonly Act[] = [
  ['learn', (life) => asked(life, life.learner.learn(HEAD))],
  ['learn another', (life) => asked(life, life.learner.learn(OTHER))],
  ['cancel', ({ learner }) => learner.cancel()],
  ['pause', ({ learner }) => learner.pause()],
  ['resume', ({ learner }) => learner.resume()],
  ['battery', ({ learner }) => learner.power(true)],
  ['mains', ({ learner }) => learner.power(false)],
  ['go back', (life) => asked(life, life.learner.rollback(1))],
  ['go forth', (life) => asked(life, life.learner.rollback(2))],
  ['measure', (life) => asked(life, life.learner.measureDevices())],
  ['an hour', (_, tick) => tick(HOUR)],
  ['a while', () => turns(3)],
  ['long', () => turns(40)]
]
const acts = fc.array(fc.constantFrom(...ACTS), { maxLength: 25 })
const answers = fc.array(fc.constantFrom(...ANSWERS), { maxLength: 12 })
/** A few: each opens a library of its own. */
const RUNS = { numRuns: 30 }

test('whatever is asked, everyone is told, and closing ends', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const tick = (milliseconds: number): void => context.mock.timers.tick(milliseconds)
  await fc.assert(
    fc.asyncProperty(acts, answers, fc.boolean(), async (sequence, given, byItself) => {
      const made = await life([...given], byItself ? HEAD : undefined)
      const { catalogue, learner, outcomes } = made
      for (const [, act] of sequence) {
        await act(made, tick)
        learner.snapshot()
      }
      await learner.close() // where this hung, nothing would be left to do, and the test fails
      await turns(1)
      assert.ok(outcomes.every(Boolean), `told: ${outcomes.join(', ')}`)
      await assert.rejects(learner.learn(HEAD), (error) => isFault(error, 'cancelled'))
      assert.ok(catalogue.models.serving(), 'a model serves')
      assert.equal(catalogue.models.lacking(catalogue.models.serving()!.id), undefined)
      await made.end()
    }),
    RUNS
  )
})

test('a run that is wanted is carried out at last, whatever failed before', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const tick = (milliseconds: number): void => context.mock.timers.tick(milliseconds)
  await fc.assert(
    fc.asyncProperty(acts, answers, async (sequence, given) => {
      const left = given.filter((answer) => answer !== 'never')
      const made = await life(left, undefined)
      for (const [, act] of sequence) await act(made, tick)
      // Each failure takes one of the answers: so many attempts, and one more.
      const learn = (): Promise<unknown> =>
        made.learner.learn(HEAD).catch((error: unknown) => error)
      let last = await learn()
      for (const _ of given) if (last instanceof Error) last = await learn()
      assert.ok(!(last instanceof Error), String(last))
      await made.learner.close()
      await made.end()
    }),
    RUNS
  )
})
