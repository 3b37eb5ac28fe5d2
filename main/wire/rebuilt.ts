// That a catalogue was replaced, since it was damaged or because somebody asked for it, and how
// that is told: in the page and on the command line. Pure.
import * as v from 'valibot'

export const Rebuilt = v.object({
  at: v.number(), // ms since 1970
  why: v.string(), // for logs
  /** Of which time folders and favourites are, ms since 1970; null: none could be read. */
  from: v.nullable(v.number()),
  /** What the former file is called now, in the library's folder. */
  kept: v.string(),
  /** Somebody went back to a copy; nothing was damaged. */
  isAsked: v.optional(v.boolean())
})
export type Rebuilt = v.InferOutput<typeof Rebuilt>

/** What happened, what is there again, and where the former file lies. */
export function rebuiltSentence({ from, kept, isAsked }: Rebuilt): string {
  const date = from === null ? '' : new Date(from).toLocaleDateString('en-GB', { dateStyle: 'long' })
  if (isAsked)
    return (
      `Your folders, favourites and ratings are as of ${date} again, and photos are indexed again. ` +
      `The former catalogue is kept: ${kept}, in the library.`
    )
  const back =
    from === null
      ? 'no copy of your folders and favourites was found, so add your folders again'
      : `your folders and favourites are back, as of ${date}, and photos are indexed again`
  return `The catalogue was damaged: ${back}. The damaged file is kept: ${kept}, in the library.`
}
