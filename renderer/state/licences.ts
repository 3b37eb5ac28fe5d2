// The licences of all that Kindred is made of. Runs in the page.
import * as v from 'valibot'

const Licence = v.object({
  name: v.string(),
  version: v.string(),
  /** By SPDX: an identifier, or an expression of some. */
  licence: v.string(),
  /** Where it is from, or what is in it. */
  note: v.string(),
  texts: v.array(v.string())
})
const Licences = v.pipe(v.array(Licence), v.minLength(1))

/** A part of Kindred, and the licence it is under; the first of all is Kindred itself. */
export type Licence = v.InferOutput<typeof Licence>

/** Reads them; the list is long, so only where it is shown. */
export async function readLicences(): Promise<Licence[]> {
  const { LICENCES } = await import('./licence-list.ts')
  return v.parse(Licences, LICENCES)
}
