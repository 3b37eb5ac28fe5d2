// A real learner over a real catalogue of photos that were made up, with two models, and a compute
// that answers as a test says. Test code only.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCatalogue } from '../../main/catalogue/catalogue.ts'
import type { Catalogue } from '../../main/catalogue/catalogue.ts'
import { createFitter } from '../../main/engine/models/fitter.ts'
import type { Learner } from '../../main/engine/learning/learner-api.ts'
import { createLearner } from '../../main/engine/learning/learner.ts'
import { createModelSwap } from '../../main/engine/models/model-swap.ts'
import { createTidying } from '../../main/engine/models/tidying.ts'
import type { Viewed } from '../../main/wire/compute-contract.ts'
import { Fault } from '../../main/wire/fault.ts'
import type { LearnOptions, Verdict } from '../../main/wire/learning-contract.ts'
import { encode, multiplyReference, serialiseQuantizer } from '../../model/retrieval.ts'
import { BACKBONE, fileFacts, hashOf } from './library.ts'
import { partCompute } from './part-compute.ts'
import type { FarCompute } from './part-compute.ts'
import { clusteredFeatures, fitted } from './quantizers.ts'
import { stopperOf } from './stopper.ts'
import { contextOf } from './writer-context.ts'

const PHOTOS = 260
const D = 32

/** The models of these libraries. */
export const FORMER = 1
export const SERVING = 2

/** How a call of compute ends: `never` until it is cancelled. */
export const ANSWERS = [
  'well',
  'never',
  'unreadable',
  'bad-model',
  'device',
  'process-lost'
] as const
export type Answer = (typeof ANSWERS)[number]

/** How the gate judges what is a little worse. */
const NOT_BETTER: Verdict = {
  passes: false,
  reason: 'not-better',
  gain: { mean: -0.1, low: -0.2, high: 0, queries: 130, groups: 40 },
  things: { mean: 0, low: 0, high: 0, queries: 130, groups: 40 }
}

export type Call = 'views' | 'learnHead' | 'measure'

export interface Life {
  catalogue: Catalogue
  /** What compute was asked for so far. */
  calls: Call[]
  learner: Learner
  far: FarCompute
  end(): void
}

/** Libraries to open one after the other, each a copy of the same. */
export class LearnerLives {
  readonly #home = mkdtempSync(join(tmpdir(), 'kindred-learner-'))
  #lives = 0

  /** Makes the library: each of its models has the codes of all photos. */
  async prepare(): Promise<void> {
    const quantizer = await fitted(300, D, { backbone: BACKBONE })
    const features = clusteredFeatures(PHOTOS, D, 10)
    const { projected, descriptors, codes } = await encode(quantizer, features, multiplyReference)
    const record = serialiseQuantizer(quantizer)
    const catalogue = openCatalogue(join(this.#home, 'whole'))
    const folder = catalogue.folders.add('/photos', 'photos')
    for (const id of [FORMER, SERVING]) assert.equal(catalogue.models.add('first', record, id), id)
    catalogue.transaction(() => {
      for (let row = 0; row < PHOTOS; row++) {
        const part = <T extends Uint16Array | Uint8Array>(rows: T): T =>
          rows.slice((row * rows.length) / PHOTOS, ((row + 1) * rows.length) / PHOTOS) as T
        const name = `${row}.jpg`
        const id = catalogue.files.insert(folder, '', fileFacts(name), 0)
        const size = { width: 4, height: 3, capturedAt: null }
        catalogue.work.describe(catalogue.work.task(id)!, { hash: hashOf(name), ...size })
        catalogue.vectors.putFeature(id, BACKBONE, part(features))
        const [descriptor, code] = [part(descriptors), part(codes)]
        for (const model of [FORMER, SERVING])
          catalogue.vectors.putEncoding(id, model, { projected: part(projected), descriptor, code })
      }
    })
    for (const model of [FORMER, SERVING]) assert.ok(catalogue.models.swap(model))
    // One has grown from the former: that is not tidied away.
    catalogue.models.addLearned(record, 3, {
      ...{ base: FORMER, depth: 'head', device: 'cpu', seconds: 1, steps: 1 },
      ...{ scoreBefore: 0, scoreAfter: 0, witnessShare: 0.5 }
    })
    catalogue.close()
  }

  /** A learner on a copy of the library; whatever a run learns is not kept. */
  async begin(answerTo: (call: Call) => Answer, learns?: LearnOptions): Promise<Life> {
    const library = join(this.#home, `copy-${this.#lives++}`)
    cpSync(join(this.#home, 'whole'), library, { recursive: true })
    const catalogue = openCatalogue(library)
    const calls: Call[] = []
    async function answered<T>(call: Call, signal: AbortSignal, well: T): Promise<T> {
      calls.push(call)
      const answer = answerTo(call)
      if (answer === 'well') return well
      if (answer === 'never')
        return new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('it was given up')))
        )
      throw new Fault({ kind: answer, subject: 'cpu', expected: 'luck', received: 'none' })
    }
    const { link, far } = partCompute({
      encode: () => assert.fail('every photo has its code'),
      renew: () => ({ outcomes: [] }),
      views({ photos, V }, signal) {
        const outcomes = photos.map(({ id }): Viewed => {
          return { outcome: 'viewed', id, views: new Uint16Array(V * 256) }
        })
        return answered('views', signal, { outcomes })
      },
      learnHead: (_, signal) =>
        answered('learnHead', signal, {
          ...{ quantizer: null, blind: null, setting: null, scoreBefore: 0.6, scoreAfter: 0.5 },
          ...{ steps: 1, stepMilliseconds: 1, provider: 'cpu' },
          ...{ opponent: 'serving' as const, verdict: NOT_BETTER, prices: [] }
        }),
      measure: (_, signal) => answered('measure', signal, { devices: [] })
    })
    await link.session()
    const stopper = stopperOf(catalogue, () => learner.goOn())
    const context = contextOf(catalogue, link, { stopper })
    const tidying = createTidying(context)
    const swap = createModelSwap(context, tidying)
    const fitter = createFitter(context, swap)
    await swap.serve(SERVING, new AbortController().signal)
    const surroundings = { isIdle: () => true, onServing: () => undefined }
    const learner: Learner = createLearner({
      ...{ context, fitter, swap, tidying, ...surroundings },
      ...(learns && { learns })
    })
    return {
      catalogue,
      calls,
      learner,
      far,
      end() {
        link.close()
        stopper.close()
        catalogue.close()
        rmSync(library, { recursive: true, force: true })
      }
    }
  }

  /** Removes all that was made. */
  remove(): void {
    rmSync(this.#home, { recursive: true, force: true })
  }
}

/** What is under way gets on; what waits for the disk may need longer. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
}
