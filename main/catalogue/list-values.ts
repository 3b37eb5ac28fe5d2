// Lists that a statement gives as one value: as JSON and hexadecimal they are one row, and a
// million of them come several times as fast as a million rows. Pure.
import * as v from 'valibot'
import { Bug } from '../wire/fault.ts'

/** A row that is a list of ids. */
export const Ids = v.object({ ids: v.string() })

/** A list that json_group_array made of integers. */
export function numbersOf(json: string): number[] {
  const values: unknown = JSON.parse(json)
  if (Array.isArray(values)) return values
  throw new Bug('a list of numbers is an array')
}

/** The ids of such a row; none where there is no row. */
export function idsOf(row: v.InferOutput<typeof Ids> | undefined): number[] {
  return row ? numbersOf(row.ids) : []
}

/** Blobs that group_concat put one after the other in hexadecimal; null: none. */
export function bytesOf(hexadecimal: string | null): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(hexadecimal ?? '', 'hex'))
}

/** The integer in the first column of a row. */
export function firstNumber(row: readonly unknown[]): number {
  if (typeof row[0] !== 'number') throw new Bug('an id is a number')
  return row[0]
}
