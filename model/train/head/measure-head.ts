// Steps of head training on made-up photos: how long a provider takes, and which losses it gets, so
// that both can be held against another provider's. Runs where sessions run.
import { toHalves } from '../../quant/float16.ts'
import { PROJECTED } from '../../quant/projection.ts'
import { seededRandom } from '../../quant/random.ts'
import type { Random } from '../../quant/random.ts'
import type { Provider } from '../../runtime/onnxruntime.ts'
import type { Pool } from './batches.ts'
import type { Setting } from './head-contract.ts'
import type { HeadAndCodebooks } from './head-graph.ts'
import { runTrial } from './trial.ts'

export interface MeasuredSteps {
  /** The median of a step. */
  milliseconds: number
  /** Of each step; fewer than were asked for when a loss was no number. */
  losses: number[]
}

const PHOTOS = 256
const VIEWS = 2
/** The sizes of a code of 64 bits. */
const [M, K, L] = [16, 16, 8]
/** How much of a view is not of its photo. */
const NOISE = 0.7

/**
 * Makes steps of the size that learning has, on photos and a start that are the same everywhere.
 * @param giveWay called between steps
 */
export async function measureHeadSteps(
  provider: Provider,
  steps: number,
  giveWay: () => Promise<void>
): Promise<MeasuredSteps> {
  const random = seededRandom(1)
  const losses: number[] = []
  const times: number[] = []
  await runTrial({
    pool: poolOfPhotos(random),
    setting: settingOf(steps),
    start: startOf(random),
    seed: 1,
    provider,
    async onStep({ loss, milliseconds }) {
      losses.push(loss)
      times.push(milliseconds)
      await giveWay()
    }
  })
  times.sort((a, b) => a - b)
  return { milliseconds: times[times.length >> 1] ?? NaN, losses }
}

function settingOf(steps: number): Setting {
  const pairs = { pairs: 'views', neighbourShare: 0, similarityRatio: 2 } as const
  return { loss: 'spq', temperature: 0.2, steps, ...pairs }
}

/** Photos that are nobody's neighbours, and their views. */
function poolOfPhotos(random: Random): Pool {
  const numbers = (count: number): Float32Array => Float32Array.from({ length: count }, random)
  const projected = numbers(PHOTOS * PROJECTED).map((x) => x - 0.5)
  const views = numbers(PHOTOS * VIEWS * PROJECTED).map((x, at) => {
    const photo = Math.floor(at / (VIEWS * PROJECTED))
    return projected[photo * PROJECTED + (at % PROJECTED)]! + NOISE * (x - 0.5)
  })
  const none = { n: PHOTOS, indices: new Uint32Array(), similarities: new Float32Array() }
  return {
    data: { n: PHOTOS, projected: toHalves(projected), views: toHalves(views), V: VIEWS },
    rows: Uint32Array.from({ length: PHOTOS }, (_, row) => row),
    nearest: { ...none, k: 0 },
    graph: { ...none, offsets: new Uint32Array(PHOTOS + 1) }
  }
}

/** A linear head and codewords, all at random. */
function startOf(random: Random): HeadAndCodebooks {
  const numbers = (count: number, reach: number): Float32Array =>
    Float32Array.from({ length: count }, () => reach * (2 * random() - 1))
  const weight = numbers(PROJECTED * M * L, 1 / 16)
  return {
    head: { kind: 'linear', weight, bias: new Float32Array(M * L) },
    codebooks: { M, L, values: numbers(M * K * L, 0.6) }
  }
}
