// What metadata tells of a photo, in words. Pure; runs in the page.
import type { PhotoFacts, Place } from '../../main/wire/photo-facts.ts'
import { number } from './words.ts'

const places = new Intl.NumberFormat(undefined, {
  minimumFractionDigits: 3,
  maximumFractionDigits: 3
})
/** Between a number and its unit no line ends. */
const SPACE = '\u00a0'
const tenths = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 })

/** "1/250 s, f/5.6, ISO 400, 50 mm", as far as it is known; empty for nothing. */
export function exposureWords(facts: PhotoFacts): string {
  const { exposureTime, aperture, iso, focalLength } = facts
  return [
    exposureTime === null ? '' : `${seconds(exposureTime)}${SPACE}s`,
    aperture === null ? '' : `f/${tenths.format(aperture)}`,
    iso === null ? '' : `ISO${SPACE}${iso}`,
    focalLength === null ? '' : `${tenths.format(focalLength)}${SPACE}mm`
  ]
    .filter(Boolean)
    .join(', ')
}

/** "1/250", "0.8", "30". */
function seconds(time: number): string {
  const parts = Math.round(1 / time)
  const isFraction = time <= 0.3 && Math.abs(1 / parts - time) < time / 20
  return isFraction ? `1/${parts}` : tenths.format(time)
}

/** "48.137° N, 11.575° E". */
export function placeWords({ latitude, longitude }: Omit<Place, 'altitude'>): string {
  const [north, east] = [latitude < 0 ? 'S' : 'N', longitude < 0 ? 'W' : 'E']
  const of = (degrees: number): string => `${places.format(Math.abs(degrees))}°`
  return `${of(latitude)}${SPACE}${north}, ${of(longitude)}${SPACE}${east}`
}

/** "351 m above the sea"; empty where it is not known. */
export function altitudeWords({ altitude }: Pick<Place, 'altitude'>): string {
  if (altitude === null) return ''
  const metres = Math.round(altitude)
  return `${number(Math.abs(metres))}${SPACE}m ${metres < 0 ? 'below' : 'above'} the sea`
}

/** "10 km". */
export function distance(kilometres: number): string {
  return `${tenths.format(kilometres)}${SPACE}km`
}
