// A reporter for node's test runner that tells which file is being run. Plain Node without
// dependencies, for `npm test`: beside the reporter of results, as that one tells it of failures
// alone, and a file that hangs never comes to one.
import { relative } from 'node:path'
import { ROOT } from './machine.mjs'

/** Yields a line for each file as its first test begins. */
export default async function* filesOf(events) {
  let current
  for await (const { type, data } of events) {
    if (type !== 'test:start' || data.file === current) continue
    current = data.file
    yield `${relative(ROOT, current)}\n`
  }
}
