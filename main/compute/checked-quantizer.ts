// The quantizer of a record that came over the line, once it has passed its checks. Pure.
import { QuantizerError, parseQuantizer, type Quantizer } from '../../model/retrieval.ts'
import type { QuantizerRecord } from '../wire/records.ts'
import { Fault } from '../wire/fault.ts'

/** The quantizer of a record, for features [n, D]. Throws a Fault `bad-model`. */
export function checkedQuantizer(record: QuantizerRecord, D: number): Quantizer {
  const subject = 'quantizer'
  try {
    const quantizer = parseQuantizer(record)
    const size = quantizer.projection.mean.length
    if (size === D) return quantizer
    const [expected, received] = [`one for ${D} features`, String(size)]
    throw new Fault({ kind: 'bad-model', subject, expected, received })
  } catch (error) {
    if (!(error instanceof QuantizerError)) throw error
    const expected = 'a record that passes its checks'
    throw new Fault({ kind: 'bad-model', subject, expected, received: error.message })
  }
}
