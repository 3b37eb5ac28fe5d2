// What a model is judged by: the average precision of each query, for each kind of evidence that
// two photos belong together (METHOD.md 4.6). Pure.

/** From the frozen features: communities at resolution 1 and 4, and of near duplicates alone. */
export const FROM_FEATURES = ['coarse', 'fine', 'nearDuplicates'] as const
/** From elsewhere: moments of capture, events, folders. */
export const FROM_OUTSIDE = ['bursts', 'events', 'folders'] as const
export type EvidenceName = (typeof FROM_FEATURES)[number] | (typeof FROM_OUTSIDE)[number]

/** Which photos belong together, [n]: equal numbers do; below 0: nothing is known. */
export type Labels = Int32Array

/** Average precision of each query, [q]; NaN where the evidence knows no other photo for it. */
export type Precisions = Float32Array

/** Of the same queries, in the same order. */
export interface Evidence {
  coarse: Precisions
  fine: Precisions
  nearDuplicates: Precisions
  bursts?: Precisions
  events?: Precisions
  folders?: Precisions
}

/** The score without labels (METHOD.md 4.6) of held-out photos, 0..1: means over the queries. */
export interface Score {
  /** Of kinds: the mean of coarse and fine. */
  score: number
  /** mAP@100 against the communities of the neighbour graph at resolution 1. */
  coarse: number
  /** The same at resolution 4. */
  fine: number
  /** The same of the graph of near duplicates (a similarity ratio of .95) and of bursts. */
  nearDuplicates: number
}

/** How well each query finds its kind: the mean of what is known of coarse and fine. */
export function kindsOf({ coarse, fine }: Evidence): Precisions {
  return meanOfKnown([coarse, fine])
}

/** How well each query finds the same thing again: near duplicates, and bursts where known. */
export function thingsOf({ nearDuplicates, bursts }: Evidence): Precisions {
  return meanOfKnown(bursts ? [nearDuplicates, bursts] : [nearDuplicates])
}

/** The means over the queries that something is known of; 0 where there is none. */
export function scoreOfEvidence(evidence: Evidence): Score {
  return {
    score: meanOf(kindsOf(evidence)),
    coarse: meanOf(evidence.coarse),
    fine: meanOf(evidence.fine),
    nearDuplicates: meanOf(thingsOf(evidence))
  }
}

/** The queries of several rounds, one after the other. All have the same kinds of evidence. */
export function joinedEvidence(rounds: readonly Evidence[]): Evidence {
  const joined = (name: EvidenceName): Precisions =>
    Float32Array.from(rounds.flatMap((round) => [...(round[name] ?? [])]))
  const outside = FROM_OUTSIDE.filter((name) => rounds.every((round) => round[name]))
  return {
    coarse: joined('coarse'),
    fine: joined('fine'),
    nearDuplicates: joined('nearDuplicates'),
    ...Object.fromEntries(outside.map((name) => [name, joined(name)]))
  }
}

function meanOfKnown(columns: readonly Precisions[]): Precisions {
  return Float32Array.from({ length: columns[0]?.length ?? 0 }, (_, query) => {
    const known = columns.map((column) => column[query]!).filter((value) => !Number.isNaN(value))
    return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : NaN
  })
}

function meanOf(values: Precisions): number {
  let [sum, count] = [0, 0]
  for (const value of values) {
    if (Number.isNaN(value)) continue
    sum += value
    count++
  }
  return count > 0 ? sum / count : 0
}
