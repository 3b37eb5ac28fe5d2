// What of a folder is left out, and how that is told: each kind counted, its first one named. Pure;
// the one place where it is worded, for the page and the command line.
import * as v from 'valibot'

/**
 * `chosen`: a subfolder that a person left out; `small`: a photo of too few pixels for its folder;
 * `link`: a symbolic link; `system`: a bin, a snapshot, a cache; `hidden`: a folder whose name begins
 * with a dot; `marked`: a directory with a file .nomedia; `name`: what has a name that is no UTF-8,
 * so that it cannot be asked for.
 */
export const LEFT_OUT_KINDS = [
  'chosen',
  'small',
  'link',
  'system',
  'hidden',
  'marked',
  'name'
] as const
export type LeftOutKind = (typeof LEFT_OUT_KINDS)[number]

export const LeftOut = v.object({
  kind: v.picklist(LEFT_OUT_KINDS),
  count: v.pipe(v.number(), v.integer(), v.minValue(1)),
  first: v.string() // its path below the folder, to be shown
})
/** Some of one kind. */
export type LeftOut = v.InferOutput<typeof LeftOut>

interface Words {
  noun: string
  what: string
  remedy: string
}

/** Of one, and of more. */
const WORDS: Readonly<Record<LeftOutKind, readonly [Words, Words]>> = {
  chosen: [
    { noun: 'subfolder', what: 'is left out, as you said', remedy: '' },
    { noun: 'subfolders', what: 'are left out, as you said', remedy: '' }
  ],
  small: [
    { noun: 'photo', what: 'is too small', remedy: 'Lower the limit' },
    { noun: 'photos', what: 'are too small', remedy: 'Lower the limit' }
  ],
  link: [
    { noun: 'link', what: 'is not followed', remedy: 'Add the folder it leads to' },
    { noun: 'links', what: 'are not followed', remedy: 'Add the folders they lead to' }
  ],
  system: [
    { noun: 'bin, snapshot or cache', what: 'is left out', remedy: '' },
    { noun: 'bins, snapshots and caches', what: 'are left out', remedy: '' }
  ],
  hidden: [
    { noun: 'hidden folder', what: 'is left out', remedy: 'Rename it' },
    { noun: 'hidden folders', what: 'are left out', remedy: 'Rename them' }
  ],
  marked: [
    { noun: 'folder marked by .nomedia', what: 'is left out', remedy: 'Delete that file' },
    { noun: 'folders marked by .nomedia', what: 'are left out', remedy: 'Delete those files' }
  ],
  name: [
    { noun: 'name that is no UTF-8', what: 'cannot be read', remedy: 'Rename it' },
    { noun: 'names that are no UTF-8', what: 'cannot be read', remedy: 'Rename them' }
  ]
}

/** "2 links are not followed, the first “a.jpg”." and what to do if photos are missed. */
export function leftOutSentence({ kind, count, first }: LeftOut): string {
  const { noun, what, remedy } = WORDS[kind][count === 1 ? 0 : 1]
  const named = count === 1 ? `: “${first}”` : `, the first “${first}”`
  const end = remedy === '' ? '' : ` ${remedy} if you miss photos.`
  return `${count} ${noun} ${what}${named}.${end}`
}
