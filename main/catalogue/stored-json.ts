// Values of more than one part, kept as JSON in a column. Written by an older or a newer Kindred,
// or damaged, one of them must not keep the library from being opened: it counts as another.
import * as v from 'valibot'
import { Fault, FaultRecord } from '../wire/fault.ts'

/** A text of JSON as a schema has it; `otherwise` where it cannot be read. */
export function storedJson<T>(schema: v.GenericSchema<unknown, T>, otherwise: T) {
  return v.fallback(v.pipe(v.string(), v.parseJson(), schema), otherwise)
}

/** The same for a column that may be empty; null where it cannot be read. */
export function storedJsonOrNull<T>(schema: v.GenericSchema<unknown, T>) {
  return v.fallback(v.nullable(v.pipe(v.string(), v.parseJson(), schema)), null)
}

const UNREADABLE = new Fault({
  kind: 'internal',
  about: 'photo',
  passes: true,
  subject: 'the catalogue',
  expected: 'a fault that this Kindred knows',
  received: 'another'
}).record

/** A fault as it is kept. */
export const StoredFault = storedJson(FaultRecord, UNREADABLE)
