// Makes anew what follows from the times and names of files alone: after an update of the rules,
// and on a computer whose clock is of another time zone than it was. Runs in the writer.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { nameDate } from './name-date.ts'

/** Raised when the rules change by which names and times of files become dates. */
const RULES = 1
/** Rows of one transaction: between them the writer can be stopped. */
const ROWS_AT_ONCE = 1000

/** Renews all rows unless that was done by these rules on this clock; true where any changed. */
export async function renewFileDates(catalogue: Catalogue, signal: AbortSignal): Promise<boolean> {
  const clock = `${RULES} ${Intl.DateTimeFormat().resolvedOptions().timeZone}`
  if (catalogue.settings.clock() === clock) return false
  let isChanged = false
  for (let after = 0; ;) {
    if (signal.aborted) return isChanged
    const rows = catalogue.dates.named(after, ROWS_AT_ONCE)
    const last = rows.at(-1)
    if (!last) break
    after = last.id
    catalogue.transaction(() => {
      for (const row of rows)
        if (catalogue.dates.renew(row, nameDate(row.name))) isChanged = true
    })
    await new Promise(setImmediate)
  }
  catalogue.settings.setClock(clock)
  return isChanged
}
