// Duplicates in words. Pure; runs in the page.
import { REASON_WORDS } from '../../main/wire/duplicate-messages.ts'
import type { DuplicatePhoto, DuplicateTotals } from '../../main/wire/duplicate-messages.ts'
import type { ReviewGroup, ReviewKind } from './duplicate-marks.svelte.ts'
import { count, dayAndTime, fileSize } from './words.ts'

/** What each kind is called. */
export const KIND_NAMES: Record<ReviewKind, string> = {
  identical: 'Identical files',
  same: 'Same picture',
  bursts: 'Bursts',
  decided: 'Not duplicates'
}

/** What is in a kind, for somebody who sees it first. */
export const KIND_HINTS: Record<ReviewKind, string> = {
  identical: 'Files that are equal, byte by byte.',
  same: 'One picture in several files: resized, saved again, turned, mirrored, cropped a little.',
  bursts: 'Shots of one moment that are alike.',
  decided: 'What you said are no duplicates. It is left out of the other kinds.'
}

const NONE: Record<ReviewKind, string> = {
  identical: 'No file is there twice',
  same: 'No picture is there in several versions',
  bursts: 'No bursts',
  decided: 'Nothing is marked as no duplicates'
}

/** The title of an empty kind. */
export function noneTitle(kind: ReviewKind): string {
  return NONE[kind]
}

/** "12 groups, 340 MB to be won"; nothing is won of what was said to be none. */
export function kindWords(kind: ReviewKind, totals: DuplicateTotals): string {
  if (kind === 'decided') return count(totals.decided, 'group')
  const { groups, bytes } = totals[kind]
  return `${count(groups, 'group')}, ${fileSize(bytes)} to be won`
}

/** What is not shown, and why; nothing where all is. */
export function leftOutWords({ away, protected: safe, waiting }: DuplicateTotals): string[] {
  return [
    safe > 0 ? `${count(safe, 'photo')} in protected folders ${safe === 1 ? 'stays' : 'stay'}.` : '',
    away > 0
      ? `${count(away, 'photo')} of drives or folders that are not there ` +
        `${away === 1 ? 'is' : 'are'} left out.`
      : '',
    waiting > 0 ? `${count(waiting, 'photo')} are still to be compared: more may come.` : ''
  ].filter(Boolean)
}

/** Why the first photo of a group is suggested: "more pixels". */
export function reasonWords({ reason }: ReviewGroup): string {
  return REASON_WORDS[reason]
}

/** "4032 × 3024, JPEG, 4.2 MB". */
export function photoWords({ width, height, format, bytes }: DuplicatePhoto): string {
  const size = width > 0 ? `${width} × ${height}` : ''
  return [size, (format ?? '').toUpperCase(), fileSize(bytes)].filter(Boolean).join(', ')
}

/** When it was taken, else that its camera did not say so. */
export function takenWords({ takenAt }: DuplicatePhoto): string {
  return takenAt === null ? 'No date in it' : dayAndTime(takenAt)
}
