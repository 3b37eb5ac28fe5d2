// The map: where photos lie on it, kin near kin. There is one at most; it can be made again, so it
// is no decision. A photo whose content changed loses its place (vector-table.ts).
import * as v from 'valibot'
import { Bug } from '../wire/fault.ts'
import { MAP_REASONS } from '../wire/map-messages.ts'
import type { MapReason } from '../wire/map-messages.ts'
import type { Database } from './database.ts'
import { halvesOf } from './halves.ts'
import { bytesOf, numbersOf } from './list-values.ts'

const MapRow = v.object({
  number: v.number(),
  describedBy: v.string(),
  reason: v.picklist(MAP_REASONS),
  photos: v.number(),
  clusters: v.instance<new () => Uint8Array>(Uint8Array),
  madeAt: v.number()
})
/** What a layout was made of, and the cluster of each of its cells. */
export type MapRow = v.InferOutput<typeof MapRow>

const Part = v.object({ ids: v.string(), places: v.nullable(v.string()) })
const Count = v.object({ count: v.number() })

/** Places [n, 2] of photos [n]. */
export interface MapPlaces {
  ids: Uint32Array<ArrayBuffer>
  places: Float32Array<ArrayBuffer>
}

/** Photos [n] by what they are compared by. */
export interface ComparedPhotos {
  ids: Uint32Array
  descriptors: Uint16Array // f16 [n, M*L]
  codes: Uint8Array // [n, M/2]
}

/** A layout that is to be kept. */
export interface NewMap {
  describedBy: string
  reason: MapReason
  clusters: Uint8Array
}

/** The statements of the map. */
export function mapTable(database: Database) {
  const current = database.query(
    `SELECT number, described_by AS describedBy, reason, photos, clusters, made_at AS madeAt
     FROM maps`,
    MapRow
  )
  const part = database.query(
    `SELECT json_group_array(photo) AS ids, group_concat(hex(place), '') AS places FROM (
       SELECT photo, place FROM map_places WHERE photo > $after ORDER BY photo LIMIT $limit)`,
    Part
  )
  const counted = database.query('SELECT count(*) AS count FROM map_places', Count)
  const encoded = database.query(
    'SELECT count(*) AS count FROM encodings WHERE model = $model',
    Count
  )
  const compared = database.columns(
    `SELECT photo, descriptor, code FROM encodings INDEXED BY encodings_codes
     WHERE model = $model AND photo > $after ORDER BY photo LIMIT $limit`
  )
  const clear = database.command('DELETE FROM maps')
  const clearPlaces = database.command('DELETE FROM map_places')
  const put = database.command(
    `INSERT INTO maps (described_by, reason, photos, clusters, made_at)
     VALUES ($describedBy, $reason, $photos, $clusters, $madeAt)`
  )
  // A photo may have left since its place was found.
  const putPlaces = database.command(
    `INSERT OR REPLACE INTO map_places (photo, place)
     SELECT value, substr($places, 8 * key + 1, 8) FROM json_each($ids)
     WHERE EXISTS (SELECT 1 FROM photos WHERE id = value)`
  )

  function keep({ ids, places }: { ids: Uint32Array; places: Float32Array }): void {
    if (places.length !== 2 * ids.length) throw new Bug('a place is two numbers')
    const bytes = new Uint8Array(places.buffer, places.byteOffset, places.byteLength)
    putPlaces.run({ ids: JSON.stringify([...ids]), places: bytes })
  }

  return {
    /** Nothing while no map was made. */
    current: () => current.get(),
    /** Photos that have a place. */
    count: () => counted.get()?.count ?? 0,
    /** Photos that a model has encoded, gone ones among them. */
    encoded: (model: number) => encoded.get({ model })?.count ?? 0,
    /** Up to `limit` of these after a photo, in order of id, by what they are compared by. */
    compared(model: number, after: number, limit: number): ComparedPhotos {
      const ids: number[] = []
      const descriptors: Uint8Array[] = []
      const codes: Uint8Array[] = []
      for (const [id, descriptor, code] of compared({ model, after, limit })) {
        if (typeof id !== 'number' || !isBlob(descriptor) || !isBlob(code))
          throw new Bug('an encoding is an id and two blobs')
        ids.push(id)
        descriptors.push(descriptor)
        codes.push(code)
      }
      return {
        ids: Uint32Array.from(ids),
        descriptors: halvesOf(Buffer.concat(descriptors)),
        codes: Buffer.concat(codes)
      }
    },
    /** Places of up to `limit` photos after this one, in order of id. */
    places(after: number, limit: number): MapPlaces {
      const row = part.get({ after, limit })
      if (!row) throw new Bug('an aggregate gives a row')
      const bytes = bytesOf(row.places)
      return {
        ids: Uint32Array.from(numbersOf(row.ids)),
        places: new Float32Array(bytes.buffer, 0, bytes.byteLength / 4)
      }
    },
    /** Puts a layout in the place of the former one. */
    put(map: NewMap, placed: { ids: Uint32Array; places: Float32Array }, madeAt: number): void {
      database.transaction(() => {
        clear.run()
        clearPlaces.run()
        put.run({ ...map, photos: placed.ids.length, madeAt })
        keep(placed)
      })
    },
    /** Adds photos to the layout of this number; false where there is another one now. */
    add(number: number, placed: { ids: Uint32Array; places: Float32Array }): boolean {
      return database.transaction(() => {
        if (current.get()?.number !== number) return false
        keep(placed)
        return true
      })
    }
  }
}

function isBlob(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array
}
