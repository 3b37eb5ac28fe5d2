// That a damaged catalogue was replaced, and how that is told: in the page and on the command line.
// Pure.
import * as v from 'valibot'

export const Rebuilt = v.object({
  at: v.number(), // ms since 1970
  why: v.string(), // for logs
  /** Of which time folders and favourites are, ms since 1970; null: none could be read. */
  from: v.nullable(v.number()),
  /** What the damaged file is called now, in the library's folder. */
  kept: v.string()
})
export type Rebuilt = v.InferOutput<typeof Rebuilt>

/** What happened, what is there again, and where the damaged file lies. */
export function rebuiltSentence({ from, kept }: Rebuilt): string {
  const date = from === null ? '' : new Date(from).toLocaleDateString('en-GB', { dateStyle: 'long' })
  const back =
    from === null
      ? 'no copy of your folders and favourites was found, so add your folders again'
      : `your folders and favourites are back, as of ${date}, and photos are indexed again`
  return `The catalogue was damaged: ${back}. The damaged file is kept: ${kept}, in the library.`
}
