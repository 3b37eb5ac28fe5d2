// The date in a file's name, as cameras, phones and programs write it there, for photos whose
// metadata has none. Pure. Numbers that only might be a date are none.
import { hourOf, isAhead, isPlausible, moment, wallClockOf } from '../../wire/photo-date.ts'

/**
 * The date that a name holds, ms since 1970 as the clock showed it that wrote it; at midnight
 * where it names a day only. Names that are UTC by their kind become this computer's clock. Null
 * for none, or one that cannot be.
 */
export function nameDate(name: string, now = Date.now()): number | null {
  const at = readName(name)
  return at !== null && isPlausible(at, now) ? at : null
}

/** The date of a name that counts as none since it lies ahead; null for any other. */
export function aheadInName(name: string, now = Date.now()): number | null {
  const at = readName(name)
  return at !== null && isAhead(at, now) ? at : null
}

function readName(name: string): number | null {
  const stem = name.replace(/\.[^.]*$/, '').normalize('NFKC') // wide digits and spaces, too
  if (UUID.test(stem)) return null
  return counted(stem) ?? dayFirst(stem) ?? spelled(stem)
}

const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/i

// Facebook, WeChat and others name files by the ms since 1970.
const COUNTED = /^(?:FB_IMG_|mmexport|wx_camera_|microMsg\.|pt|)(1[1-9]\d{11})(?!\d)/i

function counted(stem: string): number | null {
  const digits = COUNTED.exec(stem)?.[1]
  return digits === undefined ? null : wallClockOf(Number(digits))
}

// Exports of Telegram: the only names whose day comes first without a doubt.
const DAY_FIRST = /^photo_\d+@(\d\d)-(\d\d)-(\d{4})_(\d\d)-(\d\d)-(\d\d)/

function dayFirst(stem: string): number | null {
  const parts = DAY_FIRST.exec(stem)?.slice(1).map(Number)
  if (!parts) return null
  const [day = 0, month = 0, year = 0, hour = 0, minute = 0, second = 0] = parts
  return moment([year, month, day], [hour, minute, second, 0])
}

// 2019-07-04, 2019.7.4; or 20190704, by itself or behind a word, as in IMG20190704: never in the
// midst of letters and digits, which is a key or a hash.
const SEPARATED = String.raw`(?<!\d)(?<y>\d{4})(?<s>[-_. ])(?<m>\d{1,2})\k<s>(?<d>\d{1,2})(?!\d)`
const COMPACT = String.raw`(?<![\p{L}\d])\p{L}*(?<y>(?:19|20)\d\d)(?<m>\d\d)(?<d>\d\d)`
const SEPARATED_DATE = new RegExp(SEPARATED, 'gu')
const COMPACT_DATE = new RegExp(`${COMPACT}(?=$|[^\\p{L}\\d]|T|\\d{6}(?:\\d{3})?(?!\\d))`, 'gu')

// Between day and time: signs and a word such as "at", "um", "a las", and in Chinese and Korean the
// half of the day.
const BETWEEN = String.raw`(?<between>\D{0,12}?)`
const TIME = String.raw`(?<h>\d{1,2})(?<t>[-:._])(?<i>\d\d)(?:\k<t>(?<sec>\d\d)(?:[-:._](?<ms>\d{3}))?)?`
const SHORT_TIME = String.raw`(?<h>\d\d)(?<i>\d\d)(?<sec>\d\d)[-_.]?(?<ms>\d{3})?`
const HALF = String.raw`(?!\d)\s*(?<half>[ap]\.?\s?m\b)?`
const SPELLED_TIME = new RegExp(`^${BETWEEN}${TIME}${HALF}`, 'iu')
const COMPACT_TIME = new RegExp(`^[-_ T.]{0,3}?${SHORT_TIME}(?!\\d)`, 'u')

// Pixel phones, Instaloader and Skype.
const IN_UTC = /^PXL_|[_ ]UTC\b|\d{3}Z$/

function spelled(stem: string): number | null {
  for (const pattern of [SEPARATED_DATE, COMPACT_DATE])
    for (const { groups = {}, index, 0: text } of stem.matchAll(pattern)) {
      const day = [Number(groups['y']), Number(groups['m']), Number(groups['d'])] as const
      const midnight = moment(day)
      if (midnight === null) continue
      const at = withTime(day, stem.slice(index + text.length))
      if (at === null) return midnight
      return IN_UTC.test(stem) ? wallClockOf(at) : at
    }
  return null
}

/** The moment of a day that the rest of a name tells; null where it tells none. */
function withTime(day: readonly [number, number, number], rest: string): number | null {
  const time = COMPACT_TIME.exec(rest)?.groups ?? SPELLED_TIME.exec(rest)?.groups
  if (!time) return null
  const { h, i, sec = 0, ms = 0 } = time
  const hour = hourOf(Number(h), halfOf(time['half'] ?? time['between'] ?? ''))
  return moment(day, [hour, Number(i), Number(sec), Number(ms)])
}

function halfOf(text: string): 'am' | 'pm' | undefined {
  if (/^p|下午|오후|午後/i.test(text)) return 'pm'
  return /^a\.?\s?m|上午|오전|午前/i.test(text) ? 'am' : undefined
}
