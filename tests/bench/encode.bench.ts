// CPU time of encoding a library anew by a learned model, from what is stored of its photos.
// Run as `npm run bench -- encode --photos 40000`.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openCatalogue } from '../../main/catalogue/catalogue.ts'
import type { Catalogue } from '../../main/catalogue/catalogue.ts'
import { wholeNumber } from '../../main/cli/command.ts'
import { openEncoding } from '../../main/compute/encoding.ts'
import { multiplyInRuntime } from '../../main/compute/multiply-in-runtime.ts'
import { encodeAll } from '../../main/engine/indexing/encode-photos.ts'
import {
  fitFirstQuantizer,
  parseQuantizer,
  seededRandom,
  serialiseQuantizer,
  toHalves
} from '../../model/retrieval.ts'
import { fileFacts, hashOf } from '../support/library.ts'
import { partCompute } from '../support/part-compute.ts'
import { residualHead } from '../support/quantizers.ts'
import { contextOf } from '../support/writer-context.ts'
import { describeMachine } from './machine.ts'

const HELP = `npm run bench -- encode [options]
  --photos 40000     how many photos
  --from projected   or features: what is stored of them`
const D = 1280
const DRAWN = 512 // features that all photos have
const AT_ONCE = 2000
const LEARNED = { depth: 'head', device: 'cpu', seconds: 1, steps: 1 } as const
const SCORES = { scoreBefore: 0, scoreAfter: 1, witnessShare: null }

const { values: options } = parseArgs({
  options: {
    photos: { type: 'string', default: '40000' },
    from: { type: 'string', default: 'projected' },
    help: { type: 'boolean', default: false }
  }
})

async function main(): Promise<void> {
  if (options.help) return console.log(HELP)
  const folder = mkdtempSync(join(tmpdir(), 'kindred-bench-encode-'))
  const catalogue = openCatalogue(folder)
  try {
    const n = wholeNumber('--photos', options.photos, 1, 1e7)
    await measure(catalogue, n, options.from === 'features')
  } finally {
    catalogue.close()
    rmSync(folder, { recursive: true })
  }
}

const machine = describeMachine()

async function measure(catalogue: Catalogue, n: number, fromFeatures: boolean): Promise<void> {
  const features = toHalves(Float32Array.from({ length: DRAWN * D }, seededRandom(1)))
  const fitted = await fitFirstQuantizer({
    ...{ features, n: DRAWN, D, bits: 64, seed: 1, backbone: 'ab'.repeat(32) },
    multiply: multiplyInRuntime
  })
  const base = catalogue.models.add('first', serialiseQuantizer(fitted), 0)
  const record = serialiseQuantizer({ ...fitted, head: residualHead(512, 128) })
  const model = catalogue.models.addLearned(record, 1, { base, ...LEARNED, ...SCORES })
  fill(catalogue, n, fromFeatures ? undefined : base, fitted.backbone, features)

  const encoding = await openEncoding()
  const held = parseQuantizer(record)
  const { link, far } = partCompute({
    encode: ({ features: rows }) => encoding(held, rows),
    encodeProjected: ({ projected }) => encoding.ofProjected(held, projected)
  })
  await encoding(held, features) // what opens once is open then
  const [began, cpu] = [performance.now(), process.cpuUsage()]
  const { signal } = new AbortController()
  await encodeAll(contextOf(catalogue, link), { id: model, record }, signal)
  const { user, system } = process.cpuUsage(cpu)
  const each = (user + system) / n
  console.log(JSON.stringify(machine))
  console.log(
    `${n} photos from ${fromFeatures ? 'features' : 'projected features'}: ` +
      `${each.toFixed(1)} us of CPU a photo (system ${(system / n).toFixed(1)}), ` +
      `so ${each.toFixed(0)} s for a million; ` +
      `${((performance.now() - began) / 1000).toFixed(1)} s passed`
  )
  link.close()
  far.close()
}

/** Photos with a feature; their projected features too where a model is given that has them. */
function fill(
  { folders, files, work, vectors, transaction }: Catalogue,
  n: number,
  model: number | undefined,
  backbone: string,
  features: Uint16Array
): void {
  const folder = folders.add('/photos', 'photos')
  const rowOf = (place: number, size: number): Uint16Array => {
    const row = place % Math.floor(features.length / size)
    return features.slice(row * size, (row + 1) * size)
  }
  for (let from = 0; from < n; from += AT_ONCE)
    transaction(() => {
      for (let place = from; place < Math.min(n, from + AT_ONCE); place++) {
        const id = files.insert(folder, '', fileFacts(`${place}.jpg`), 0)
        const content = { hash: hashOf(`${place}`), width: 4, height: 3, capturedAt: null }
        work.describe(work.task(id)!, content)
        vectors.putFeature(id, backbone, rowOf(place, D))
        if (model === undefined) continue
        const code = new Uint8Array(8)
        const [projected, descriptor] = [rowOf(place, 256), rowOf(place, 128)]
        vectors.putEncoding(id, model, { projected, descriptor, code })
      }
    })
}

main().then(
  () => process.exit(), // the lines to compute keep it
  (error: unknown) => {
    console.error(error)
    process.exitCode = 1
  }
)
