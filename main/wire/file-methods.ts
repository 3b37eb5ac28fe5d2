// What app asks of the engine about the files of photos: where they lie, moving and copying them,
// and that the catalogue follows. Pure. App is trusted with paths; the page names photos by ids.
import * as v from 'valibot'

const id = v.pipe(v.number(), v.integer(), v.minValue(1))
const path = v.pipe(v.string(), v.minLength(1))

/** Photos that one message names at most. */
export const MOST_FILES = 10_000
export const PhotoIds = v.pipe(v.array(id), v.minLength(1), v.maxLength(MOST_FILES))

/** A file that lies elsewhere now, or has a copy there. */
export const MovedFile = v.object({ from: path, to: path })
export type MovedFile = v.InferOutput<typeof MovedFile>

export const PhotoFiles = v.object({
  id,
  root: path, // the library folder that they lie in
  /** The photo's own file, and those that belong to it. */
  paths: v.pipe(v.array(path), v.minLength(1))
})
export type PhotoFiles = v.InferOutput<typeof PhotoFiles>

const nothing = v.object({})

export const fileMethods = {
  /** The files of photos, in the order asked for; those that are not there are left out. */
  files: {
    argument: v.object({ ids: PhotoIds }),
    result: v.object({ photos: v.array(PhotoFiles) })
  },
  /**
   * Those of the photos of which no whole copy would be left if all of them were taken away. A
   * photo to which other files belong counts as one: they are not compared.
   */
  lastCopies: {
    argument: v.object({ ids: PhotoIds }),
    result: v.object({ ids: v.array(id) })
  },
  /** Those of the photos that lie in no protected folder, on drives that are there. */
  unprotected: {
    argument: v.object({ ids: PhotoIds }),
    result: v.object({ ids: v.array(id) })
  },
  /**
   * Moves, or copies, a photo and what belongs to it to a directory, under free names; the
   * catalogue follows a move at once. Answers with the files, the photo's own first; none where it
   * lies there already. Throws a Fault: then nothing was moved.
   */
  transfer: {
    argument: v.object({ id, directory: path, copies: v.boolean() }),
    result: v.object({ files: v.array(MovedFile) })
  },
  /** Moves the files of a photo back, the photo's own first; `to` is where they lie now. */
  putBack: {
    argument: v.object({ id, files: v.pipe(v.array(MovedFile), v.minLength(1)) }),
    result: nothing
  },
  /** Files of these photos were taken away or came back: the catalogue follows at once. */
  follow: { argument: v.object({ ids: PhotoIds }), result: nothing }
} as const
