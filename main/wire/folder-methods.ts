// What the page may ask of the engine about the folders of a library: what of each is left out.
// Pure. The page names folders by id and what is in them by the path below, as `directories` gives it.
import * as v from 'valibot'

const id = v.pipe(v.number(), v.integer(), v.minValue(1))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const nothing = v.object({})

/** Pixels of a longer side that a folder may ask for, at most. */
export const MOST_LEAST_PIXELS = 10_000

/** A directory below a folder: '/' between names. */
export const Below = v.pipe(
  v.string(),
  v.check(
    (path) => path.split('/').every((name) => !['', '.', '..'].includes(name)),
    'a path below the folder'
  )
)

export const Subfolder = v.object({
  path: v.string(), // below the folder
  photos: count, // in it and all below it; of one that is left out those that it would bring back
  leftOut: v.boolean(), // a person left it out, by itself
  around: v.boolean() // it is left out with one that it lies in
})
export type Subfolder = v.InferOutput<typeof Subfolder>

const place = v.object({ folder: id, directory: Below })

export const folderMethods = {
  /** The directories of a folder that hold photos, or are left out, in order of path. */
  subfolders: {
    argument: v.object({ folder: id }),
    result: v.object({ subfolders: v.array(Subfolder) })
  },
  /** Leaves a directory out, with all below it. What is known of its photos is kept. */
  leaveOut: { argument: place, result: nothing },
  /** Takes it back. Throws Fault bad-argument where it is not left out. */
  takeBack: { argument: place, result: nothing },
  /** Leaves out photos whose longer side has fewer pixels; 0: none. */
  setLeastPixels: {
    argument: v.object({ folder: id, pixels: v.pipe(count, v.maxValue(MOST_LEAST_PIXELS)) }),
    result: nothing
  },
  /** Takes a folder out of the library. Its files are not touched. */
  removeFolder: { argument: v.object({ id }), result: nothing }
}
