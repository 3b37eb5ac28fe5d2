// Hears whether somebody acts in the page, so that background work steps aside: see [Note: step
// aside]; and when the page has come to rest. Runs in the page. It does not know what is done, nor
// by whom it is heard.

/** What a person does. */
const ACTS = ['pointerdown', 'click', 'keydown', 'wheel'] as const
/** These only while a button is down: a bar that is dragged tells of nothing but scrolling. */
const DRAGS = ['pointermove', 'scroll'] as const
const RELEASES = ['pointerup', 'pointercancel'] as const
/** Told at most this often, ms: well within the moment that an act gives. */
const TELL_EVERY = 50
/** A page in which nothing was done and nothing scrolled for so long is at rest, ms. */
const RESTS_AFTER = 5000

/** Calls `tell` when somebody presses, drags, clicks, types or turns the wheel. */
export function listenToActs(target: EventTarget, tell: () => void): void {
  let isPressed = false
  let toldAt = -Infinity
  function act(): void {
    const now = performance.now()
    if (now - toldAt < TELL_EVERY) return
    toldAt = now
    tell()
  }
  on(target, ['pointerdown'], () => (isPressed = true))
  on(target, RELEASES, () => (isPressed = false))
  on(target, ACTS, act)
  on(target, DRAGS, () => isPressed && act())
}

/**
 * Calls `tell` once each time that the page comes to rest: after it was opened, after each act, and
 * after it scrolled, whoever made it.
 */
export function listenToRest(target: EventTarget, tell: () => void, after = RESTS_AFTER): void {
  let stirredAt = performance.now()
  let timer: ReturnType<typeof setTimeout> | undefined
  // One timer, looked at late, in place of one that each event of a scroll sets anew.
  function look(): void {
    const left = stirredAt + after - performance.now()
    timer = left > 0 ? setTimeout(look, left) : undefined
    if (timer === undefined) tell()
  }
  function stir(): void {
    stirredAt = performance.now()
    timer ??= setTimeout(look, after)
  }
  on(target, [...ACTS, 'scroll'], stir)
  stir()
}

/** Before all others: what is asked because of the act is asked after it was told. */
function on(target: EventTarget, events: readonly string[], hear: () => void): void {
  const options = { capture: true, passive: true }
  for (const event of events) target.addEventListener(event, hear, options)
}
