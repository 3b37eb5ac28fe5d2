// What a camera is called: maker and model as they are written in metadata, tidied, so that one
// camera has one name. Pure.
import { LONGEST_NAME } from '../wire/photo-facts.ts'

/** What makers add to their names that nobody says. */
const COMPANY = new Set(
  ('ag camera co company computer corp corporation digital eastman electronics gmbh imaging inc ' +
    'international kk limited ltd optical products techwin technologies')
    .split(' ')
)
/** A maker of so many letters is an abbreviation, and stays in capitals. */
const ABBREVIATION = 3

/**
 * A text of metadata on one line: without control characters and marks that turn the direction of
 * writing, cut at `LONGEST_NAME`. Null for none, and for blanks and dashes in its place.
 */
export function tidyText(text: unknown): string | null {
  if (typeof text !== 'string') return null
  const begin = text.slice(0, 4 * LONGEST_NAME).normalize('NFC')
  const line = begin.replace(/[\p{C}\p{Z}\s\ufffd]+/gu, ' ').trim()
  const short = line.slice(0, LONGEST_NAME).replace(/\p{Cs}/gu, '').trim() // half of a character
  return /[\p{L}\p{N}]/u.test(short) ? short : null
}

/** "Canon" and "Canon EOS 5D Mark II" are "Canon EOS 5D Mark II". Null where neither is told. */
export function cameraName(make: unknown, model: unknown): string | null {
  const [maker, type] = [tidyText(make), tidyText(model)]
  if (maker === null) return type
  const brand = brandOf(maker)
  if (type === null) return tidyText(brand)
  const rest = without(type, maker) ?? without(type, brand) ?? type
  return tidyText(rest === '' ? brand : `${brand} ${rest}`)
}

/** "NIKON CORPORATION" is Nikon. */
function brandOf(maker: string): string {
  const words = maker.split(/[\s,]+/).filter((word) => word !== '')
  const said = words.filter((word) => !COMPANY.has(word.replace(/\./g, '').toLowerCase()))
  return (said.length > 0 ? said : words).map(asName).join(' ')
}

/** As people write a name: capitals only where it begins, unless it is an abbreviation. */
function asName(word: string): string {
  const isOneCase = word === word.toUpperCase() || word === word.toLowerCase()
  if (!isOneCase || word.length <= ABBREVIATION) return word
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()
}

/** A model without the maker's name before it; nothing where that is not there. */
function without(model: string, name: string): string | undefined {
  if (!model.toLowerCase().startsWith(name.toLowerCase())) return undefined
  const rest = model.slice(name.length)
  return /^[\p{L}\p{N}]/u.test(rest) ? undefined : rest.replace(/^[\s_-]+/, '')
}
