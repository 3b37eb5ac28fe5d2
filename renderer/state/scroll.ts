// Scrolling past the browser's limit: the place in a library of any height, told from the scroll
// position of an element of bounded height. Pure; runs in the page. It must not know of the DOM.
//
// [Note: scroll cap] Chromium lays out no box higher than 2^25 device pixels (33.5 million; half
// of that in CSS pixels on a 2x screen), and a million photos are 30 to 100 million pixels high.
// Beyond LONGEST the element keeps that height and the place is kept here: small moves are taken
// one to one, far ones (the scrollbar dragged) by the map below. The map is one to one near both
// ends, so that they are reached like those of a short list, and stretched between.

/** The tallest element that is laid out, in CSS pixels: safe up to 4 device pixels each. */
export const LONGEST = 8_000_000
/** Near each end this many pixels are mapped one to one. */
const PLAIN = 100_000
/** A move of more than this many viewports at once is no wheel: the scrollbar was dragged. */
const FAR = 2

export interface Span {
  /** Height of the whole content and of the part that is seen, CSS pixels. */
  total: number
  viewport: number
}

/** Height of the element that scrolls. */
export function elementHeight(total: number): number {
  return Math.min(total, LONGEST)
}

/** The furthest place: content pixels above the viewport when scrolled to the end. */
export function furthest(span: Span): number {
  return Math.max(0, span.total - span.viewport)
}

/** The element's scroll position that stands for a place in the content. */
export function elementTop(span: Span, place: number): number {
  if (span.total <= LONGEST) return place
  const rest = furthest(span) - place
  const end = LONGEST - span.viewport
  if (place <= PLAIN) return Math.max(0, place)
  if (rest <= PLAIN) return end - Math.max(0, rest)
  return PLAIN + (place - PLAIN) * squeeze(span)
}

/** The place in the content that an element's scroll position stands for. */
export function placeAt(span: Span, top: number): number {
  if (span.total <= LONGEST) return top
  const end = LONGEST - span.viewport
  if (top <= PLAIN) return Math.max(0, top)
  if (end - top <= PLAIN) return furthest(span) - Math.max(0, end - top)
  return PLAIN + (top - PLAIN) / squeeze(span)
}

/** The place after the element scrolled from `before` to `after`, coming from `place`. */
export function placeAfter(span: Span, place: number, before: number, after: number): number {
  if (span.total <= LONGEST || Math.abs(after - before) > FAR * span.viewport)
    return clamp(placeAt(span, after), span)
  return clamp(place + after - before, span)
}

/** True when the element nears an end that the content does not: it must be set back on the map. */
export function isOffTrack(span: Span, place: number, top: number): boolean {
  if (span.total <= LONGEST) return false
  const room = FAR * span.viewport
  const isNearEnd = top < room || LONGEST - span.viewport - top < room
  return isNearEnd && Math.abs(elementTop(span, place) - top) >= 1
}

/** A place held inside the content. */
export function clamp(place: number, span: Span): number {
  return Math.min(furthest(span), Math.max(0, place))
}

function squeeze(span: Span): number {
  return (LONGEST - span.viewport - 2 * PLAIN) / (furthest(span) - 2 * PLAIN)
}
