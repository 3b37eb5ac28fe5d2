// What a photo's metadata tells beside its date: by which camera it was taken, how, and where.
// Pure. All of it is bounded here, for files are written by anybody.
import * as v from 'valibot'

const number = (least: number, most: number) =>
  v.pipe(v.number(), v.minValue(least), v.maxValue(most))

/** A name is at most so long, in UTF-16 units. */
export const LONGEST_NAME = 100
const Name = v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_NAME))

export const Latitude = number(-90, 90) // degrees, north is positive
export const Longitude = number(-180, 180) // degrees, east is positive

/** Where a photo was taken. */
export const Place = v.object({
  latitude: Latitude,
  longitude: Longitude,
  altitude: v.nullable(number(-12_000, 100_000)) // metres above the sea
})
export type Place = v.InferOutput<typeof Place>

/** What each of these may be; a value outside counts as none. */
export const FACT_SCHEMAS = {
  camera: Name, // maker and model
  lens: Name,
  exposureTime: number(1e-7, 1e6), // seconds
  aperture: number(0.1, 1000), // f-number
  iso: v.pipe(number(1, 1e8), v.integer()),
  focalLength: number(0.1, 1e5) // millimetres, as of this camera's sensor
} as const

/** Null where it is not told. */
export const PhotoFacts = v.object({
  camera: v.nullable(FACT_SCHEMAS.camera),
  lens: v.nullable(FACT_SCHEMAS.lens),
  exposureTime: v.nullable(FACT_SCHEMAS.exposureTime),
  aperture: v.nullable(FACT_SCHEMAS.aperture),
  iso: v.nullable(FACT_SCHEMAS.iso),
  focalLength: v.nullable(FACT_SCHEMAS.focalLength),
  place: v.nullable(Place)
})
export type PhotoFacts = v.InferOutput<typeof PhotoFacts>

/** Mean radius of the earth, kilometres. */
const EARTH = 6371.0088

type Point = Pick<Place, 'latitude' | 'longitude'>

/**
 * What the haversine formula compares: sin² of half the angle between two places that are so far
 * from each other along the ground, on a sphere. No two are farther than half way around.
 */
export function haversine(kilometres: number): number {
  const reach = kilometres / EARTH // an angle
  return reach < Math.PI ? Math.sin(reach / 2) ** 2 : Infinity
}

/** A little more than a rounding is worth, degrees. */
const EDGE = 1e-6

/** Degrees between which all lies that is so near a place; whole turns at poles and date line. */
export function boxAround(
  { latitude, longitude }: Point,
  kilometres: number
): Record<'south' | 'north' | 'west' | 'east', number> {
  const reach = kilometres / EARTH // an angle
  const [south, north] = [-1, 1].map((sign) => latitude + sign * (degrees(reach) + EDGE))
  const isPolar = Math.abs(radians(latitude)) + reach >= Math.PI / 2
  const across = isPolar ? Infinity : Math.asin(Math.sin(reach) / Math.cos(radians(latitude)))
  const [west, east] = [-1, 1].map((sign) => longitude + sign * (degrees(across) + EDGE))
  const isWhole = !(west! >= -180 && east! <= 180)
  return {
    south: south!,
    north: north!,
    west: isWhole ? -180 : west!,
    east: isWhole ? 180 : east!
  }
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180
}

function degrees(angle: number): number {
  return (angle * 180) / Math.PI
}
