// Rows of numbers put one after the other, as they are sent and compared. Pure.

/** Rows one after the other. */
export function joined(rows: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return filled(new Uint8Array(lengthOf(rows)), rows)
}

/** Rows of f16 one after the other. */
export function joinedHalves(rows: readonly Uint16Array[]): Uint16Array<ArrayBuffer> {
  return filled(new Uint16Array(lengthOf(rows)), rows)
}

/** Rows of ids one after the other. */
export function joinedWords(rows: readonly Uint32Array[]): Uint32Array<ArrayBuffer> {
  return filled(new Uint32Array(lengthOf(rows)), rows)
}

type Row = Uint8Array | Uint16Array | Uint32Array

function lengthOf(rows: readonly Row[]): number {
  return rows.reduce((sum, row) => sum + row.length, 0)
}

function filled<T extends Row>(all: T, rows: readonly Row[]): T {
  let at = 0
  for (const row of rows) {
    all.set(row, at)
    at += row.length
  }
  return all
}
