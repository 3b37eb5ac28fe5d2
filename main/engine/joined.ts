// Rows of numbers put one after the other, as they are sent and compared. Pure.

/** Rows one after the other. */
export function joined(rows: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(rows.reduce((sum, row) => sum + row.length, 0))
  let at = 0
  for (const row of rows) {
    all.set(row, at)
    at += row.length
  }
  return all
}

/** Rows of f16 one after the other. */
export function joinedHalves(rows: readonly Uint16Array[]): Uint16Array<ArrayBuffer> {
  const all = new Uint16Array(rows.reduce((sum, row) => sum + row.length, 0))
  let at = 0
  for (const row of rows) {
    all.set(row, at)
    at += row.length
  }
  return all
}
