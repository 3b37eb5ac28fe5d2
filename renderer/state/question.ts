// What kin are asked for: photos of the library, parts of them, pictures from outside; each wanted
// or unwanted. Pure; runs in the page. Questions are never changed, each function gives a new one.
import type { Crop } from '../../main/wire/query-contract.ts'

export type Source =
  | { kind: 'photo'; id: number }
  | { kind: 'region'; id: number; crop: Crop }
  | { kind: 'file'; file: Blob; name: string; crop: Crop | null }

export interface Part {
  source: Source
  /** 1: like this; -1: unlike it. */
  weight: 1 | -1
}

/** At least one part is wanted. */
export type Question = readonly Part[]

/** More parts than this are not taken: the engine takes no more, and keeps few pictures. */
export const MOST_PARTS = 32
export const MOST_PICTURES = 8

/** The question that a click on a photo asks. */
export function kinOf(id: number): Question {
  return [{ source: { kind: 'photo', id }, weight: 1 }]
}

/** What is like all of these. */
export function kinOfAll(sources: readonly Source[]): Question {
  return sources.slice(0, MOST_PARTS).map((source) => ({ source, weight: 1 }))
}

/** The photo whose own kin are asked for and nothing else; nothing for any other question. */
export function plainPhoto(question: Question): number | undefined {
  const [part] = question
  return question.length === 1 && part?.source.kind === 'photo' ? part.source.id : undefined
}

/** True where more is asked for than the large picture: several pictures, or a part of one. */
export function isComposed(question: Question): boolean {
  return question.length > 1 || question.some(({ source }) => cropOf(source) !== null)
}

/** The part that is shown large: the first that is wanted. */
export function subjectOf(question: Question): Source | undefined {
  return question.find((part) => part.weight > 0)?.source
}

/** Adds a part, or turns the one that is there already; the same question when nothing changes. */
export function withPart(question: Question, source: Source, weight: 1 | -1): Question {
  const place = question.findIndex((part) => isSameSource(part.source, source))
  if (question[place]?.weight === weight) return question
  const part = { source, weight }
  const turned = question.map((old, i) => (i === place ? part : old))
  const next = place < 0 ? [...question, part] : turned
  return isAskable(next) ? next : question
}

/** True for a question that the engine takes. */
export function isAskable(question: Question): boolean {
  const pictures = question.filter((part) => part.source.kind !== 'photo').length
  return !!subjectOf(question) && question.length <= MOST_PARTS && pictures <= MOST_PICTURES
}

/** Takes a part away; the last that is wanted stays. */
export function withoutPart(question: Question, place: number): Question {
  const next = question.filter((_, i) => i !== place)
  return subjectOf(next) ? next : question
}

/** True when both ask for the same. */
export function isSameQuestion(one: Question, other: Question): boolean {
  return (
    one.length === other.length &&
    one.every((part, i) => {
      const twin = other[i]
      return twin && twin.weight === part.weight && isSameSource(part.source, twin.source)
    })
  )
}

/** What a question that is not a photo's own is called. */
export function questionTitle(question: Question): string {
  const wanted = question.filter((part) => part.weight > 0)
  const source = wanted[0]?.source
  if (wanted.length === 1 && source?.kind === 'file') return source.name
  return `${wanted.length} ${wanted.length === 1 ? 'picture' : 'pictures'} together`
}

/** Only a part of a source; null: the whole of it again. */
export function partOf(source: Source, crop: Crop | null): Source {
  if (source.kind === 'file') return { ...source, crop }
  return crop ? { kind: 'region', id: source.id, crop } : { kind: 'photo', id: source.id }
}

/** The part of it that is asked for; null: all of it. */
export function cropOf(source: Source): Crop | null {
  return source.kind === 'photo' ? null : source.crop
}

/** Puts another source in the place of the one that is shown large. */
export function withSubject(question: Question, source: Source): Question {
  const place = question.findIndex((part) => part.weight > 0)
  return question.map((part, i) => (i === place ? { ...part, source } : part))
}

/** True when both are the same photo or file, and the same part of it. */
export function isSameSource(one: Source, other: Source): boolean {
  const isSame =
    one.kind === 'file' || other.kind === 'file'
      ? one.kind === 'file' && other.kind === 'file' && one.file === other.file
      : one.id === other.id
  const [a, b] = [cropOf(one), cropOf(other)]
  if (!a || !b) return isSame && a === b
  return (
    isSame &&
    a.left === b.left &&
    a.top === b.top &&
    a.width === b.width &&
    a.height === b.height
  )
}
