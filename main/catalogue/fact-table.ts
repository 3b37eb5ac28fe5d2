// What photos' metadata tells beside their dates: cameras, how each was taken, and where. Photos of
// which nothing is known have no row.
import * as v from 'valibot'
import type { PhotoFacts } from '../wire/photo-facts.ts'
import type { Database } from './database.ts'

const Row = v.object({
  camera: v.nullable(v.string()),
  lens: v.nullable(v.string()),
  exposureTime: v.nullable(v.number()),
  aperture: v.nullable(v.number()),
  iso: v.nullable(v.number()),
  focalLength: v.nullable(v.number()),
  latitude: v.nullable(v.number()),
  longitude: v.nullable(v.number()),
  altitude: v.nullable(v.number())
})
const NO_PLACE = { latitude: null, longitude: null, altitude: null }

/** The statements of facts. */
export function factTable(database: Database) {
  const keepCamera = database.command(
    'INSERT INTO cameras (name) VALUES ($name) ON CONFLICT (name) DO NOTHING'
  )
  const put = database.command(
    `INSERT OR REPLACE INTO facts (photo, camera, lens, exposure_time, aperture, iso,
       focal_length, latitude, longitude, altitude)
     VALUES ($photo, (SELECT id FROM cameras WHERE name = $camera), $lens, $exposureTime,
       $aperture, $iso, $focalLength, $latitude, $longitude, $altitude)`
  )
  const drop = database.command('DELETE FROM facts WHERE photo = $photo')
  const one = database.query(
    `SELECT cameras.name AS camera, lens, exposure_time AS exposureTime, aperture, iso,
       focal_length AS focalLength, latitude, longitude, altitude
     FROM facts LEFT JOIN cameras ON cameras.id = facts.camera WHERE photo = $photo`,
    Row
  )
  return {
    /** Writes what is known of a photo now; null: nothing. Inside a transaction. */
    set(photo: number, facts: PhotoFacts | null): void {
      if (facts === null) return void drop.run({ photo })
      const { place, ...taken } = facts
      if (taken.camera !== null) keepCamera.run({ name: taken.camera })
      put.run({ photo, ...taken, ...(place ?? NO_PLACE) })
    },
    /** What is known of a photo; null for nothing. */
    of(photo: number): PhotoFacts | null {
      const row = one.get({ photo })
      if (!row) return null
      const { latitude, longitude, altitude, ...taken } = row
      const isPlaced = latitude !== null && longitude !== null
      return { ...taken, place: isPlaced ? { latitude, longitude, altitude } : null }
    }
  }
}
