// Hears whether somebody acts in the page, so that background work steps aside: see [Note: step
// aside]. Runs in the page. It does not know what is done, nor by whom it is heard.

/** What a person does. */
const ACTS = ['pointerdown', 'click', 'keydown', 'wheel'] as const
/** These only while a button is down: a bar that is dragged tells of nothing but scrolling. */
const DRAGS = ['pointermove', 'scroll'] as const
const RELEASES = ['pointerup', 'pointercancel'] as const
/** Told at most this often, ms: well within the moment that an act gives. */
const TELL_EVERY = 50

/** Calls `tell` when somebody presses, drags, clicks, types or turns the wheel. */
export function listenToActs(target: EventTarget, tell: () => void): void {
  let isPressed = false
  let toldAt = -Infinity
  // Before all others: what is asked because of the act is asked after it was told.
  function on(events: readonly string[], hear: () => void): void {
    const options = { capture: true, passive: true }
    for (const event of events) target.addEventListener(event, hear, options)
  }
  function act(): void {
    const now = performance.now()
    if (now - toldAt < TELL_EVERY) return
    toldAt = now
    tell()
  }
  on(['pointerdown'], () => (isPressed = true))
  on(RELEASES, () => (isPressed = false))
  on(ACTS, act)
  on(DRAGS, () => isPressed && act())
}
