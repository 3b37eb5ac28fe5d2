// Codes, codebooks and queries for the search bench, made from a seed as the codes of a mixture of
// clusters: centres of 48 latent numbers in 128 dimensions, noise about them, codebooks by k-means.
// Within a cluster the parts of a descriptor are independent, so a code is drawn part by part from
// codewords that the part was seen to get: the same distribution without 10 million descriptors.
import { K, encodeDescriptors, type Codebooks } from '../../../model/quant/codes.ts'
import { kMeans } from '../../../model/quant/k-means.ts'
import { normal, seededRandom, type Random } from '../../../model/quant/random.ts'

export interface Gallery {
  codebooks: Codebooks
  codes: Uint8Array // [n, M/2]
  queries: Float32Array // [count, M*L]
}

const DIMENSIONS = 128
const LATENT = 48
const CLUSTERS = 2000
/** Noise of a descriptor about its centre, whose parts have deviation 1. */
const NOISE = 0.7
/** Codewords seen for each part of a cluster. */
const SEEN = 32

/** n codes of M books and `count` queries. */
export function galleryOf(n: number, M: number, count: number, seed = 1): Gallery {
  const random = seededRandom(seed)
  const centres = centresOf(random)
  const noisy = (cluster: number): Float32Array =>
    centres
      .slice(cluster * DIMENSIONS, (cluster + 1) * DIMENSIONS)
      .map((value) => value + NOISE * normal(random))
  const drawn = Array.from({ length: 2000 }, (_, i) => noisy(i % CLUSTERS))
  const codebooks = codebooksOf(drawn, M, random)
  const seen = seenCodewords(noisy, codebooks)
  const codes = new Uint8Array((n * M) / 2)
  for (let i = 0; i < codes.length; ) {
    const cluster = Math.floor(random() * CLUSTERS) * M * SEEN
    for (let m = 0; m < M; m += 2) {
      const draw = random() * SEEN * SEEN
      const low = seen[cluster + m * SEEN + (draw & (SEEN - 1))]!
      const high = seen[cluster + (m + 1) * SEEN + Math.floor(draw / SEEN)]!
      codes[i++] = low | (high << 4)
    }
  }
  const queries = new Float32Array(count * DIMENSIONS)
  for (let i = 0; i < count; i++)
    queries.set(noisy(Math.floor(random() * CLUSTERS)), i * DIMENSIONS)
  return { codebooks, codes, queries }
}

/** Centres [CLUSTERS, DIMENSIONS]. */
function centresOf(random: Random): Float32Array {
  const map = Float32Array.from({ length: LATENT * DIMENSIONS }, () => normal(random))
  const centres = new Float32Array(CLUSTERS * DIMENSIONS)
  for (let i = 0; i < CLUSTERS; i++) {
    const latent = Float32Array.from({ length: LATENT }, () => normal(random) / Math.sqrt(LATENT))
    for (let d = 0; d < DIMENSIONS; d++)
      for (let l = 0; l < LATENT; l++)
        centres[i * DIMENSIONS + d]! += latent[l]! * map[l * DIMENSIONS + d]!
  }
  return centres
}

function codebooksOf(drawn: readonly Float32Array[], M: number, random: Random): Codebooks {
  const L = DIMENSIONS / M
  const values = new Float32Array(M * K * L)
  for (let m = 0; m < M; m++) {
    const points = new Float32Array(drawn.length * L)
    drawn.forEach((row, i) => points.set(row.subarray(m * L, (m + 1) * L), i * L))
    values.set(kMeans(points, L, K, random), m * K * L)
  }
  return { M, L, values }
}

/** Codewords [CLUSTERS, M, SEEN] that noisy descriptors of each cluster get. */
function seenCodewords(noisy: (cluster: number) => Float32Array, codebooks: Codebooks): Uint8Array {
  const { M } = codebooks
  const seen = new Uint8Array(CLUSTERS * M * SEEN)
  for (let cluster = 0; cluster < CLUSTERS; cluster++)
    for (let i = 0; i < SEEN; i++) {
      const code = encodeDescriptors(noisy(cluster), codebooks)
      for (let m = 0; m < M; m++)
        seen[(cluster * M + m) * SEEN + i] = (code[m >> 1]! >> (4 * (m & 1))) & 15
    }
  return seen
}

/** Ids 1 .. n, as a catalogue gives them. */
export function idsUpTo(n: number): Uint32Array {
  return Uint32Array.from({ length: n }, (_, i) => i + 1)
}
