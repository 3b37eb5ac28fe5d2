// By which camera a photo was taken, how, and where, from its EXIF, its XMP and an XMP file beside
// it. Pure; runs in the photo worker. Values are untrusted: those that cannot be count as none.
import * as v from 'valibot'
import { FACT_SCHEMAS, Place, type PhotoFacts } from '../wire/photo-facts.ts'
import { cameraName, tidyText } from './camera-name.ts'
import type { ExifTags, PhotoTags, XmpTags } from './metadata-tags.ts'

/**
 * What is known of a photo; null where nothing is. How it was taken is EXIF's, else XMP's, else
 * the sidecar's; where it was taken is first the sidecar's, since programs put corrections there.
 * The photo's XMP is looked into where EXIF knows no camera.
 */
export function findFacts({ exif, xmp, sidecar }: PhotoTags): PhotoFacts | null {
  const own = ofExif(exif)
  const others = own.camera === null ? [ofXmp(xmp()), ofXmp(sidecar)] : [ofXmp(sidecar)]
  const all = [own, ...others]
  const first = <K extends keyof PhotoFacts>(name: K): PhotoFacts[K] | null =>
    all.map((facts) => facts[name]).find((value) => value !== null) ?? null
  const facts = {
    camera: first('camera'),
    lens: first('lens'),
    exposureTime: first('exposureTime'),
    aperture: first('aperture'),
    iso: first('iso'),
    focalLength: first('focalLength'),
    place: others.at(-1)?.place ?? first('place')
  }
  return Object.values(facts).some((value) => value !== null) ? facts : null
}

function ofExif(tags: ExifTags): PhotoFacts {
  const value = (name: keyof ExifTags): unknown => tags[name]?.value
  const text = (name: keyof ExifTags): unknown => firstOf(value(name))
  const degrees = (name: 'GPSLatitude' | 'GPSLongitude', negative: string): number => {
    const reference = text(`${name}Ref`)
    const sign = typeof reference === 'string' && reference.toUpperCase() === negative ? -1 : 1
    return sign * sexagesimal(value(name))
  }
  const isBelow = text('GPSAltitudeRef') === 1
  return {
    camera: checked(FACT_SCHEMAS.camera, cameraName(text('Make'), text('Model'))),
    lens: checked(FACT_SCHEMAS.lens, lensName(text('LensModel'))),
    exposureTime: checked(FACT_SCHEMAS.exposureTime, rational(value('ExposureTime'))),
    aperture: checked(FACT_SCHEMAS.aperture, rational(value('FNumber'))),
    iso: checked(FACT_SCHEMAS.iso, text('ISOSpeedRatings')),
    focalLength: checked(FACT_SCHEMAS.focalLength, rational(value('FocalLength'))),
    place: placeOf(
      degrees('GPSLatitude', 'S'),
      degrees('GPSLongitude', 'W'),
      (isBelow ? -1 : 1) * rational(value('GPSAltitude'))
    )
  }
}

function ofXmp(tags: XmpTags): PhotoFacts {
  const text = (name: keyof XmpTags): unknown => tags[name]?.value
  const number = (name: keyof XmpTags): number => writtenNumber(text(name))
  const iso = [tags.PhotographicSensitivity, tags.ISOSpeedRatings]
    .map((tag) => writtenNumber(tag?.description)) // of a list, its only element
    .find((value) => value > 0)
  const isBelow = text('GPSAltitudeRef') === '1'
  return {
    camera: checked(FACT_SCHEMAS.camera, cameraName(text('Make'), text('Model'))),
    lens: checked(FACT_SCHEMAS.lens, lensName(text('LensModel')) ?? lensName(text('Lens'))),
    exposureTime: checked(FACT_SCHEMAS.exposureTime, number('ExposureTime')),
    aperture: checked(FACT_SCHEMAS.aperture, number('FNumber')),
    iso: checked(FACT_SCHEMAS.iso, iso),
    focalLength: checked(FACT_SCHEMAS.focalLength, number('FocalLength')),
    place: placeOf(
      writtenDegrees(text('GPSLatitude'), 'NS'),
      writtenDegrees(text('GPSLongitude'), 'EW'),
      (isBelow ? -1 : 1) * number('GPSAltitude')
    )
  }
}

function checked<T>(schema: v.GenericSchema<T>, value: unknown): T | null {
  const result = v.safeParse(schema, value)
  return result.success ? result.output : null
}

/** Some cameras name a lens that they do not know by zeros. */
function lensName(text: unknown): string | null {
  const name = tidyText(text)
  return name !== null && /[1-9]|\p{L}{3}/u.test(name) ? name : null
}

/** A receiver that found no satellite writes zeros: nobody is there. */
function placeOf(latitude: number, longitude: number, altitude: number): Place | null {
  if (latitude === 0 && longitude === 0) return null
  const height = checked(Place.entries.altitude, altitude)
  return checked(Place, { latitude, longitude, altitude: height })
}

/** The only value, or the first of a list. */
function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value
}

/** A fraction as EXIF has it; NaN for anything else. */
function rational(value: unknown): number {
  if (!Array.isArray(value)) return NaN
  const [above, below]: unknown[] = value
  return typeof above === 'number' && typeof below === 'number' && below !== 0 ? above / below : NaN
}

/** Degrees, minutes and seconds as EXIF has them; NaN for anything else. */
function sexagesimal(value: unknown): number {
  if (!Array.isArray(value) || value.length !== 3) return NaN
  const [degrees = NaN, minutes = NaN, seconds = NaN] = value.map(rational)
  return inParts(degrees, minutes, Number.isNaN(seconds) ? 0 : seconds) // 0/0: in the minutes
}

/** NaN where the parts are none of an angle. */
function inParts(degrees: number, minutes: number, seconds: number): number {
  const isAngle = degrees >= 0 && minutes >= 0 && minutes <= 60 && seconds >= 0 && seconds <= 60
  return isAngle ? degrees + minutes / 60 + seconds / 3600 : NaN
}

/** A number or a fraction as XMP has it; NaN for anything else. */
function writtenNumber(text: unknown): number {
  const parts = typeof text === 'string' ? /^\s*([\d.]+)(?:\/(\d+))?\s*$/.exec(text) : null
  if (!parts) return NaN
  return Number(parts[1]) / Number(parts[2] ?? 1)
}

/** An angle as XMP has it: "48,8.25N" or "48,8,15N"; NaN for anything else. */
function writtenDegrees(text: unknown, directions: 'NS' | 'EW'): number {
  const pattern = /^\s*(\d+),\s*([\d.]+)(?:,\s*([\d.]+))?\s*([NSEW])\s*$/i
  const parts = typeof text === 'string' ? pattern.exec(text) : null
  if (!parts) return NaN
  const direction = (parts[4] ?? '').toUpperCase()
  if (!directions.includes(direction)) return NaN
  const angle = inParts(Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0))
  return direction === directions[1] ? -angle : angle
}
