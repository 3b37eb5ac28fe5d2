// Numbers, dates and states as words for people. Pure; runs in the page.
import type { LibraryInfo, PhotoInfo, Progress, Wait } from '../../main/wire/engine-records.ts'
import type { Fault } from '../../main/wire/fault.ts'
import type { Held } from '../../main/wire/held.ts'
import { DAY, type DateSource } from '../../main/wire/photo-date.ts'
import { isFilmName, isRawName } from '../../main/wire/picture-names.ts'
import { closedClause, faultClause } from '../../main/wire/fault-words.ts'
import { faultSentence, faultWords } from '../../main/wire/fault-words.ts'

const numbers = new Intl.NumberFormat()
// Capture dates are local times kept as UTC: shown in UTC they read as the camera's clock did.
const days = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC'
})
const times = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC'
})
const months = new Intl.DateTimeFormat(undefined, {
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC'
})

/** "1,204", with the separators of the person's language. */
export function number(value: number): string {
  return numbers.format(value)
}

/** "1 photo", "1,204 photos". */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`
}

/** Of a photo that has equal files elsewhere: "3 equal files". */
function equalFiles(copies: number): string {
  return count(copies + 1, 'equal file')
}

/** What a kin stands for besides itself. */
export type Besides = Record<'copies' | 'alike' | 'shots', readonly unknown[]>

/** "3 equal files, 5 more of the same picture, 2 more of the same moment". */
export function besideWords({ copies, alike, shots }: Besides): string {
  return [
    ...(copies.length > 0 ? [equalFiles(copies.length)] : []),
    ...(alike.length > 0 ? [`${number(alike.length)} more of the same picture`] : []),
    ...(shots.length > 0 ? [`${number(shots.length)} more of the same moment`] : [])
  ].join(', ')
}

/** "21 July 2019". */
export function day(at: number): string {
  return days.format(at)
}

/** "21 July 2019, 18:42"; at midnight to the millisecond only the day is known. */
export function dayAndTime(at: number): string {
  if (at % DAY === 0) return days.format(at)
  return `${days.format(at)}, ${times.format(at)}`
}

const ORIGINS: Record<DateSource, string> = {
  exif: 'from the photo',
  xmp: 'from the photo',
  sidecar: 'from its XMP file',
  name: 'from its name',
  file: 'from its file'
}

/** Where the date of a photo comes from. */
export function dateOrigin(source: DateSource): string {
  return ORIGINS[source]
}

const moments = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit'
})

const localDays = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'long',
  year: 'numeric'
})

/** The day of a moment of this computer's clock: "21 July 2019". */
export function dayOfMoment(at: number): string {
  return localDays.format(at)
}

/** A moment of this computer's clock: "21 July 2019 at 18:42". */
export function momentOf(at: number): string {
  return moments.format(at)
}

/** "July 2019". */
export function month(at: number): string {
  return months.format(at)
}

/** "January – March 2019". */
export function monthRange(first: number, last: number): string {
  return months.formatRange(first, last)
}

/** Bytes as a person reads them: "870 kB", "4.2 MB". */
export function fileSize(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  const digits = unit > 0 && value < 10 ? 1 : 0
  return `${value.toFixed(digits)} ${units[unit]}`
}

/** "4032 × 3024, 12.2 megapixels"; nothing for a photo whose size is not known yet. */
export function pixels(width: number, height: number): string {
  if (!width || !height) return ''
  const mega = (width * height) / 1e6
  const amount = mega < 0.1 ? '' : `, ${mega.toFixed(mega < 10 ? 1 : 0)} megapixels`
  return `${width} × ${height}${amount}`
}

/** A duration as one speaks of it, no more exact than it is known. */
export function timeLeft(seconds: number): string {
  if (seconds < 10) return 'a few seconds left'
  if (seconds < 55) return `about ${Math.round(seconds / 10) * 10} seconds left`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return minutes <= 1 ? 'about a minute left' : `about ${minutes} minutes left`
  const hours = Math.round(seconds / 3600)
  if (hours < 36) return hours <= 1 ? 'about an hour left' : `about ${hours} hours left`
  return `about ${Math.round(hours / 24)} days left`
}

/** "42 photos a second"; nothing while there is no speed. */
export function speed(photosPerSecond: number): string {
  if (photosPerSecond <= 0) return ''
  const digits = photosPerSecond < 10 ? 1 : 0
  const text = photosPerSecond.toFixed(digits)
  return `${text} ${text === '1' || text === '1.0' ? 'photo' : 'photos'} a second`
}

/** A score of 0 to 1 as a percentage. 100 is kept for what is equal. */
export function percent(score: number): string {
  const value = score >= 1 ? 100 : Math.min(99, Math.round(score * 100))
  return `${value} %`
}

/** A likeness of 0 to 1 in per cent that are reached: a word begins at 90, not at 89.9. */
export function percentReached(likeness: number): string {
  return `${Math.floor(100 * likeness)} %`
}

/** What goes on, in a few words. */
export function activity(progress: Progress): string {
  if (progress.restarting === 'compute') return 'The indexer is starting again'
  if (progress.restarting === 'decoder') return 'The photo reader is starting again'
  switch (progress.state) {
    case 'scanning':
      return 'Looking through your folders'
    case 'indexing':
      return 'Indexing'
    case 'fitting':
      return 'Learning from your photos'
    case 'paused':
      return 'Paused'
    case 'idle':
      return ''
  }
}

/** What goes wrong for photos that wait: "12 photos wait: the disk is full". */
export function waitTitle({ fault, folder, photos, closed }: Wait): string {
  if (closed) return closedClause(closed, fault, folder ?? undefined)
  if (photos === 0) return faultWords(fault).what.replace(/\.$/, '')
  const who = folder === null ? count(photos, 'photo') : `${count(photos, 'photo')} of “${folder}”`
  return `${who} ${photos === 1 ? 'waits' : 'wait'}: ${faultClause(fault)}`
}

/** What went wrong and what one can do. */
export function explain(fault: Fault): string {
  return faultSentence(fault.record)
}

/** Words as a sentence: a capital first, a full stop last. */
export function sentence(words: string): string {
  const text = words.charAt(0).toUpperCase() + words.slice(1)
  return /[.!?…]$/.test(text) ? text : `${text}.`
}

/** What is in a photo's file beside its picture: "Holds a film of 3 s". */
export function holdings({ film, pictures, hasDepth }: Held): string {
  const parts = [
    film !== null && `a film of ${Math.max(1, Math.round(film))} s`,
    pictures === 1 && 'a second picture',
    pictures > 1 && `${number(pictures)} more pictures`,
    hasDepth && 'a depth map'
  ]
  return `Holds ${parts.filter(Boolean).join(' and ')}`
}

type Beside = Pick<PhotoInfo, 'name' | 'companions' | 'holds'>

/** What photographers want to see on a tile: that there is a RAW, or a film. */
export function badges({ name, companions, holds }: Beside): string[] {
  const hasFilm = companions.some(isFilmName) || (holds !== null && holds.film !== null)
  return [[name, ...companions].some(isRawName) ? 'RAW' : '', hasFilm ? 'LIVE' : ''].filter(Boolean)
}

/** How a run ended. */
export function outcome(info: LibraryInfo): string {
  if (info.pending > 0)
    return `${count(info.indexed, 'photo')} indexed, ${number(info.pending)} still waiting`
  if (info.failed === 0 && info.indexed === 1) return 'Your photo is indexed'
  if (info.failed === 0) return `All ${count(info.indexed, 'photo')} are indexed`
  return `${count(info.indexed, 'photo')} indexed, ${number(info.failed)} could not be read`
}

/** "3 stars". */
export function ratingWords(rating: number): string {
  return count(rating, 'star')
}
