// The line between compute's main thread and its photo threads: files in, tensors out. Pure. Pixels
// of a prepared photo do not travel back on it: they lie in shared memory, in the slot named.
import * as v from 'valibot'
import { defineContract } from '../wire/channel.ts'
import { Held } from '../wire/held.ts'
import { PhotoDate } from '../wire/photo-date.ts'
import { PhotoFacts } from '../wire/photo-facts.ts'
import { DECODED_FORMATS } from '../wire/decoder-contract.ts'
import { EDGES } from './jpeg-preview.ts'

const bytes = v.instance<new () => Uint8Array>(Uint8Array) // over whatever buffer
const count = v.pipe(v.number(), v.integer(), v.minValue(0))

/** A small picture of a file, and rows of the whole to see whether it is of the same. */
const Preview = v.object({
  bytes, // a file of its own
  format: v.picklist(['jpeg', 'heic']),
  whole: v.object({ width: count, height: count }), // upright
  rows: v.nullable(v.object({ jpeg: bytes, share: v.number(), edge: v.picklist(EDGES) }))
})

const ReadPhoto = v.object({
  bytes: v.nullable(bytes), // of the whole, unless there is a small picture in it that may do
  format: v.picklist(DECODED_FORMATS),
  fileSize: count, // bytes
  preview: v.nullable(Preview),
  hash: v.string(), // sha-256, lower-case hexadecimal
  date: v.nullable(PhotoDate),
  ahead: v.nullable(v.number()), // a date that counts as none until it has come
  isDated: v.boolean(), // false: the XMP file beside it could not be read now
  facts: v.nullable(PhotoFacts),
  holds: v.nullable(Held),
  needsThumbnail: v.boolean() // none of this hash below `thumbnails` yet
})
export type ReadPhoto = v.InferOutput<typeof ReadPhoto>

export const threadContract = defineContract({
  name: 'photo-thread',
  version: 1,
  methods: {
    /** Reads a file; refuses it (Fault) unless its bytes are of a format that is decoded. */
    read: {
      argument: v.object({
        path: v.string(),
        thumbnails: v.nullable(v.string()),
        sidecar: v.nullable(v.string()), // path of the XMP file beside it
        /** A small picture in it will do that has a short side of so many pixels. */
        shortSide: v.nullable(count)
      }),
      result: ReadPhoto
    },
    /** Reads of a file what its metadata tells, and what it holds. */
    date: {
      argument: v.object({ path: v.string(), sidecar: v.nullable(v.string()) }),
      result: v.object({
        date: v.nullable(PhotoDate),
        ahead: v.nullable(v.number()),
        facts: v.nullable(PhotoFacts),
        holds: v.nullable(Held)
      })
    },
    /**
     * Resizes, crops and normalises pixels into a slot; writes the thumbnail if there is one. Gives
     * their fingerprint.
     */
    prepare: {
      argument: v.object({
        rgb: bytes, // [height, width, 3]
        width: count,
        height: count,
        slot: count,
        thumbnail: v.nullable(v.object({ folder: v.string(), hash: v.string(), bytes }))
      }),
      result: v.object({ fingerprint: bytes })
    },
    /** Writes a thumbnail below a folder. */
    keepThumbnail: {
      argument: v.object({ folder: v.string(), hash: v.string(), bytes }),
      result: v.object({})
    },
    /** Draws a view a slot, by the seed, and writes each normalised into its slot. */
    augment: {
      argument: v.object({
        rgb: bytes, // [height, width, 3]
        width: count,
        height: count,
        slots: v.array(count),
        seed: v.pipe(v.number(), v.integer())
      }),
      result: v.object({})
    }
  },
  events: {}
})
export type ThreadContract = typeof threadContract
