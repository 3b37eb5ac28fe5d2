// Albums: questions that a person keeps under a name.
//
// [Note: albums] An album names the contents of the photos that it is asked with, and never their
// rows, so it asks the same wherever they lie, also when they come back after a year. A picture
// from outside has no file that would stay, so the album holds a JPEG of it. What its photos are
// is nowhere: it is asked whenever the album is opened, so those that came since are among them.
import * as v from 'valibot'
import type { AlbumInfo, NewAlbum, OpenedAlbum, OpenedPart } from '../../wire/methods/album-methods.ts'
import { Fault } from '../../wire/fault.ts'
import { Filter } from '../../wire/filter.ts'
import { Crop } from '../../wire/picture-part.ts'
import { thumbnailName } from '../../wire/thumbnail.ts'
import type { Database } from '../database.ts'
import { storedJson, storedJsonOrNull } from '../stored-json.ts'

/** A removed album can be put back for so long, ms. */
const STAYS = 30 * 86_400_000

const Photo = v.object({ id: v.number() })
const Kept = v.object({ hash: v.string(), name: v.string() })
const Album = v.object({ name: v.string(), filter: storedJson(Filter, {}) })
const Listed = v.object({
  id: v.number(),
  ...Album.entries,
  like: v.number(),
  unlike: v.number(),
  cover: v.nullable(v.pipe(v.string(), v.transform(thumbnailName)))
})
const StoredPart = v.object({
  weight: v.picklist([-1, 1]),
  hash: v.nullable(v.string()),
  picture: v.nullable(v.instance<new () => Uint8Array>(Uint8Array)),
  name: v.string(),
  crop: storedJsonOrNull(Crop)
})
type StoredPart = v.InferOutput<typeof StoredPart>

/** The statements of albums. */
export function albumTable(database: Database) {
  const content = database.query(
    'SELECT hash, name FROM photos WHERE id = $id AND hash IS NOT NULL',
    Kept
  )
  const photo = database.query(
    `SELECT id FROM photos WHERE hash = $hash AND status IN ('indexed', 'pending')
     ORDER BY status, id LIMIT 1`,
    Photo
  )
  const list = database.query(
    `SELECT id, name, filter,
       (SELECT count(*) FROM album_parts WHERE album = albums.id AND weight = 1) AS "like",
       (SELECT count(*) FROM album_parts WHERE album = albums.id AND weight = -1) AS unlike,
       (SELECT hash FROM album_parts WHERE album = albums.id AND weight = 1
          AND EXISTS (SELECT 1 FROM photos WHERE photos.hash = album_parts.hash
            AND status = 'indexed')
        ORDER BY place LIMIT 1) AS cover
     FROM albums WHERE removed_at IS NULL ORDER BY name COLLATE NOCASE, id`,
    Listed
  )
  const one = database.query(
    'SELECT name, filter FROM albums WHERE id = $id AND removed_at IS NULL',
    Album
  )
  const partsOf = database.query(
    'SELECT weight, hash, picture, name, crop FROM album_parts WHERE album = $id ORDER BY place',
    StoredPart
  )
  const put = database.command(
    'INSERT INTO albums (name, filter, kept_at) VALUES ($name, $filter, $now)'
  )
  const putPart = database.command(
    `INSERT INTO album_parts (album, place, weight, hash, picture, name, crop)
     VALUES ($album, $place, $weight, $hash, $picture, $name, $crop)`
  )
  const rename = database.command(
    'UPDATE albums SET name = $name WHERE id = $id AND removed_at IS NULL'
  )
  const remove = database.command(
    'UPDATE albums SET removed_at = $now WHERE id = $id AND removed_at IS NULL'
  )
  const putBack = database.command(
    'UPDATE albums SET removed_at = NULL WHERE id = $id AND removed_at IS NOT NULL'
  )
  const removed = database.query(
    'SELECT id FROM albums WHERE name = $name AND removed_at IS NOT NULL ORDER BY removed_at DESC',
    Photo
  )
  const purge = database.command('DELETE FROM albums WHERE removed_at < $before')
  const adopt = database.command(
    `UPDATE albums SET filter = json_set(filter, '$.folder', CAST($into AS INTEGER), '$.directory',
       rtrim($prefix || '/' || coalesce(filter ->> '$.directory', ''), '/'))
     WHERE filter ->> '$.folder' = $from`
  )

  /** What is stored of a part. Throws Fault not-found for a photo whose content is not known. */
  function storedOf({ of }: NewAlbum['parts'][number]): Omit<StoredPart, 'weight' | 'crop'> {
    if (of.kind === 'picture') return { hash: null, picture: of.bytes, name: of.name }
    const kept = content.get({ id: of.id })
    if (!kept) throw missing(`photo ${of.id}`, 'a photo of the library')
    return { ...kept, picture: null }
  }

  function openedPart({ weight, hash, picture, name, crop }: StoredPart): OpenedPart {
    if (picture) return { of: { kind: 'picture', name, bytes: picture, crop }, weight }
    const id = photo.get({ hash })?.id ?? null
    return { of: { kind: 'photo', id, name, crop }, weight }
  }

  return {
    /** All albums, in order of their names. */
    all: (): AlbumInfo[] => list.all(),
    /** What an album asks now. Throws Fault not-found. */
    open(id: number): OpenedAlbum {
      const album = one.get({ id })
      if (!album) throw missing(`album ${id}`, 'an album of the library')
      return { ...album, parts: partsOf.all({ id }).map(openedPart) }
    },
    /** Keeps a question; the album's id. Throws Fault not-found for a photo that is not known. */
    keep: ({ name, filter, parts }: NewAlbum, now: number): number =>
      database.transaction(() => {
        const album = put.run({ name, filter: JSON.stringify(filter), now }).id
        for (const [place, part] of parts.entries()) {
          const crop = part.of.crop && JSON.stringify(part.of.crop)
          putPart.run({ album, place, weight: part.weight, crop, ...storedOf(part) })
        }
        return album
      }),
    /** Throws Fault not-found. */
    rename(id: number, name: string): void {
      if (rename.run({ id, name }).changes === 0)
        throw missing(`album ${id}`, 'an album of the library')
    },
    /** Removes an album; those removed a month ago are gone for good. Throws Fault not-found. */
    remove(id: number, now: number): void {
      purge.run({ before: now - STAYS })
      if (remove.run({ id, now }).changes === 0)
        throw missing(`album ${id}`, 'an album of the library')
    },
    /** Takes that back. Throws Fault not-found. */
    putBack(id: number): void {
      if (putBack.run({ id }).changes === 0) throw missing(`album ${id}`, 'an album that was removed')
    },
    /** Those that `from` narrows are narrowed by what it is from now on, a part of `into`. */
    adopt: (from: number, into: number, prefix: string) => void adopt.run({ from, into, prefix }),
    /** Removed albums of a name that can be put back, the latest first. */
    removed: (name: string): number[] => removed.all({ name }).map(({ id }) => id)
  }
}

function missing(subject: string, expected: string): Fault {
  return new Fault({ kind: 'not-found', subject, expected, received: 'none' })
}
