// The papers' losses as plain loops in float64 (METHOD.md 1 and 2), for tests to hold the graphs
// against; with pairs that are left out of the negatives.

/** Batches of [B pairs, M books, K codewords, L numbers a codeword]. */
export interface Case {
  readonly size: readonly [B: number, M: number, K: number, L: number]
  /** Descriptors of view a, then of view b, [2B, M*L]. */
  readonly x: Float64Array
  /** [M, K, L]. */
  readonly books: Float64Array
  readonly hardness: number
  readonly temperature: number
  /** Whether row j is among the negatives of row i. */
  readonly counts: (i: number, j: number) => boolean
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]): number => sum(values) / values.length
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i)
const logSum = (values: readonly number[]): number => Math.log(sum(values.map(Math.exp)))

function cosine(a: readonly number[], b: readonly number[]): number {
  return sum(a.map((value, at) => value * b[at]!)) / Math.hypot(...a) / Math.hypot(...b)
}

/** Rows of x, and softly quantized: weights [2B][M][K] and parts [2B][M][L]. */
function quantize({ size: [B, M, K, L], x, books, hardness }: Case) {
  const row = (i: number): number[] => [...x.subarray(i * M * L, (i + 1) * M * L)]
  const word = (m: number, k: number): number[] => [
    ...books.subarray((m * K + k) * L, (m * K + k + 1) * L)
  ]
  const rows = range(2 * B).map(row)
  const weights = rows.map((row) =>
    range(M).map((m) => {
      const part = row.slice(m * L, (m + 1) * L)
      const logits = range(K).map(
        (k) => -hardness * sum(part.map((value, l) => (value - word(m, k)[l]!) ** 2))
      )
      return logits.map((logit) => Math.exp(logit - logSum(logits)))
    })
  )
  const parts = weights.map((ofRow) =>
    ofRow.map((shares, m) => range(L).map((l) => sum(shares.map((w, k) => w * word(m, k)[l]!))))
  )
  return { rows, weights, parts }
}

/** The contrastive loss of rows, half of them the other half's positives. */
function contrastive(u: number[][], temperature: number, counts: Case['counts']): number {
  const n = u.length
  return mean(
    range(n).map((i) => {
      const positive = (i + n / 2) % n
      const others = range(n).filter((j) => j !== i && (counts(i, j) || j === positive))
      const logits = others.map((j) => cosine(u[i]!, u[j]!) / temperature)
      return logSum(logits) - cosine(u[i]!, u[positive]!) / temperature
    })
  )
}

/** SPQ: [x_a; z_b], and [x_b; z_a] with the mask's halves the other way round. */
export function plainSpq(given: Case): number {
  const { temperature, counts } = given
  const B = given.size[0]
  const { rows, parts } = quantize(given)
  const z = parts.map((row) => row.flat())
  const other = (i: number): number => (i + B) % (2 * B)
  return (
    contrastive([...rows.slice(0, B), ...z.slice(B)], temperature, counts) +
    contrastive([...rows.slice(B), ...z.slice(0, B)], temperature, (i, j) =>
      counts(other(i), other(j))
    )
  )
}

/** The terms of SSCQ and their sum, with the diversity of the soft assignments. */
export function plainSscq(given: Case) {
  const { temperature, counts } = given
  const [B, M, K] = given.size
  const n = 2 * B
  const { rows, weights, parts } = quantize(given)
  const z = parts.map((row) => row.flat())
  const othersOf = (i: number): number[] => range(n).filter((j) => j % B !== i % B)
  const phi = rows.map((row, i) => row.map((value, at) => value + z[i]![at]!))
  const seen = (i: number): number[] => {
    const logits = othersOf(i).map((j) => cosine(phi[i]!, phi[j]!) / 0.2)
    return logits.map((logit) => logit - logSum(logits))
  }
  const divergences = range(B).map((i) => {
    const [p, q] = [seen(i), seen(i + B)]
    return sum(p.map((a, at) => (Math.exp(a) - Math.exp(q[at]!)) * (a - q[at]!))) / 2
  })
  const shares = range(M).flatMap((m) =>
    range(n).map((i) => {
      const near = othersOf(i).map((j) => cosine(parts[i]![m]!, parts[j]![m]!) / 0.5)
      const nearest = [...near].sort((a, b) => b - a).slice(0, 20)
      return logSum(near) - logSum(nearest)
    })
  )
  const entropies = range(M).map((m) =>
    sum(
      range(K).map((k) => {
        const p = mean(weights.map((row) => row[m]![k]!))
        return p * Math.log(p + 1e-5) // as the official code has it
      })
    )
  )
  const terms = {
    instanceQuantized: contrastive(z, temperature, counts),
    instanceEmbedding: contrastive(rows, temperature, counts),
    consistent: mean(divergences),
    partNeighbour: mean(shares),
    codewordDiversity: mean(entropies)
  }
  const total =
    terms.instanceQuantized +
    terms.instanceEmbedding +
    0.4 * terms.consistent +
    0.1 * terms.partNeighbour +
    0.2 * terms.codewordDiversity
  return { ...terms, total }
}
