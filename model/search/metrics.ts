// How good an order is when labels are known: mean average precision (METHOD.md 1.4). Pure.

/**
 * Average precision of gallery rows in order, best first, down to `top`: the mean, over the
 * relevant rows found there, of the precision at their place; 0 when there is none.
 */
export function averagePrecision(
  ordered: ArrayLike<number>,
  isRelevant: (row: number) => boolean,
  top: number
): number {
  let found = 0
  let sum = 0
  for (let place = 0; place < Math.min(top, ordered.length); place++)
    if (isRelevant(ordered[place]!)) sum += ++found / (place + 1)
  return found > 0 ? sum / found : 0
}

/**
 * mAP@top where each labelled row queries all others. `order(row, count)` gives at least the
 * `count` best rows, best first; the row itself may be among them and is left out. Queries without
 * a relevant row in the top count 0. `queries`: the rows that query; all when left out.
 */
export async function leaveOneOut(
  labels: ArrayLike<number | string>,
  top: number,
  order: (row: number, count: number) => ArrayLike<number> | Promise<ArrayLike<number>>,
  queries: ArrayLike<number> = Uint32Array.from({ length: labels.length }, (_, row) => row)
): Promise<number> {
  let sum = 0
  for (const row of Array.from(queries)) {
    const ordered = Array.from(await order(row, top + 1)).filter((other) => other !== row)
    sum += averagePrecision(ordered, (other) => labels[other] === labels[row], top)
  }
  return queries.length > 0 ? sum / queries.length : 0
}
