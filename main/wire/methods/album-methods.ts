// Albums: questions that are kept under a name. The photos of an album are what its question finds
// whenever it is opened, so those that come later join it. Pure.
import * as v from 'valibot'
import { Filter } from '../filter.ts'
import { Crop } from '../picture-part.ts'
import { ThumbnailName } from '../thumbnail.ts'

const id = v.pipe(v.number(), v.integer(), v.minValue(1))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const nothing = v.object({})

/** Letters of an album's name, at most. */
export const LONGEST_ALBUM_NAME = 100
/** Bytes of a picture from outside that an album keeps, at most. */
export const LARGEST_KEPT_PICTURE = 16 * 2 ** 20
/** Letters of the name of a file, at most. */
const LONGEST_FILE_NAME = 1000
/** Pictures that one question is asked with, at most. */
const MOST_PARTS = 32

const AlbumName = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1),
  v.maxLength(LONGEST_ALBUM_NAME)
)
const fileName = v.pipe(v.string(), v.maxLength(LONGEST_FILE_NAME))
/** Like this, or unlike it. */
const weight = v.picklist([-1, 1])
/** Null: all of it. */
const crop = v.nullable(Crop)

/** A picture that is no photo of the library, as a JPEG. */
const Outside = v.object({
  kind: v.literal('picture'),
  name: fileName,
  bytes: v.pipe(
    v.instance<new () => Uint8Array>(Uint8Array),
    v.check(
      ({ byteLength }) => byteLength > 0 && byteLength <= LARGEST_KEPT_PICTURE,
      `1 to ${LARGEST_KEPT_PICTURE} bytes`
    )
  ),
  crop
})

/** What an album is to be asked with. */
export const KeptPart = v.object({
  of: v.variant('kind', [v.object({ kind: v.literal('photo'), id, crop }), Outside]),
  weight
})
export type KeptPart = v.InferOutput<typeof KeptPart>

/** The same when it is opened. */
export const OpenedPart = v.object({
  of: v.variant('kind', [
    v.object({
      kind: v.literal('photo'),
      id: v.nullable(id), // null: no file of the library has this content now
      name: v.string(), // of the file that it was asked with
      crop
    }),
    Outside
  ]),
  weight
})
export type OpenedPart = v.InferOutput<typeof OpenedPart>

/** A question under a name. */
export const NewAlbum = v.pipe(
  v.object({
    name: AlbumName,
    filter: Filter,
    parts: v.pipe(v.array(KeptPart), v.maxLength(MOST_PARTS))
  }),
  v.check(
    ({ parts, filter }) =>
      parts.some((part) => part.weight > 0) ||
      (parts.length === 0 && Object.keys(filter).length > 0),
    'a picture that is wanted, or a filter that narrows'
  )
)
export type NewAlbum = v.InferOutput<typeof NewAlbum>

/** An album in the list of all. */
export const AlbumInfo = v.object({
  id,
  name: v.string(),
  filter: Filter,
  like: count, // pictures that its photos are like
  unlike: count,
  cover: v.nullable(ThumbnailName) // of the first photo that it is asked with and that is there
})
export type AlbumInfo = v.InferOutput<typeof AlbumInfo>

/** An album as it is to be asked now. */
export const OpenedAlbum = v.object({
  name: v.string(),
  filter: Filter,
  parts: v.array(OpenedPart)
})
export type OpenedAlbum = v.InferOutput<typeof OpenedAlbum>

export const albumMethods = {
  /** All albums, in order of their names. */
  albums: { argument: nothing, result: v.object({ albums: v.array(AlbumInfo) }) },
  /** What an album asks. Throws Fault not-found for one that is not there. */
  album: { argument: v.object({ id }), result: OpenedAlbum },
  /**
   * Keeps a question. Photos are remembered by what their files hold. Throws Fault not-found for a
   * photo that is not known.
   */
  keepAlbum: { argument: NewAlbum, result: v.object({ id }) },
  /** Throws Fault not-found, as `removeAlbum` and `putAlbumBack` do. */
  renameAlbum: { argument: v.object({ id, name: AlbumName }), result: nothing },
  /** Removes an album. Its photos stay. */
  removeAlbum: { argument: v.object({ id }), result: nothing },
  /** Takes that back, within 30 days. */
  putAlbumBack: { argument: v.object({ id }), result: nothing }
} as const
