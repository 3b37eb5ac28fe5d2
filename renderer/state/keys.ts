// Keys as commands name them ("f", "Ctrl+Shift+c", "Alt+ArrowLeft", "?"), and whether one was
// pressed, on any keyboard layout. Pure; runs in the page.

/** What is looked at of a keyboard event. */
export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'
>

interface Keys {
  key: string
  ctrl: boolean
  alt: boolean
  shift: boolean
}

function parsed(keys: string): Keys {
  const parts = keys.split(/\+(?=.)/)
  const key = parts.pop() ?? ''
  const has = (name: string): boolean => parts.includes(name)
  return { key, ctrl: has('Ctrl'), alt: has('Alt'), shift: has('Shift') }
}

/**
 * How keys were pressed: by what the layout writes ('written'), or by where the key lies on a
 * keyboard with other letters, Cyrillic say, or with digits above the shift key ('placed'). What is
 * written wins over what is placed.
 */
export function pressed(keys: string, event: KeyPress): 'written' | 'placed' | undefined {
  const wanted = parsed(keys)
  const { key, code } = event
  if (wanted.ctrl !== (event.ctrlKey || event.metaKey) || wanted.alt !== event.altKey)
    return undefined
  const isLetter = /^[a-z]$/.test(wanted.key)
  const isSign = wanted.key.length === 1 && !isLetter // shift may be needed to write it
  const isShiftRight = wanted.shift === event.shiftKey
  if ((isSign && key === wanted.key) || (!isSign && isShiftRight && isSame(key, wanted.key)))
    return 'written'
  if (!isShiftRight || key.length !== 1 || /^[a-z\d]$/i.test(key)) return undefined
  const isPlaced = isLetter
    ? !isAscii(key) && code === `Key${wanted.key.toUpperCase()}`
    : /^\d$/.test(wanted.key) && (code === `Digit${wanted.key}` || code === `Numpad${wanted.key}`)
  return isPlaced ? 'placed' : undefined
}

/** Letters are the same with the caps lock. */
function isSame(key: string, wanted: string): boolean {
  return wanted.length === 1 ? key.toLowerCase() === wanted : key === wanted
}

function isAscii(key: string): boolean {
  return key.charCodeAt(0) < 128
}

const SHOWN: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  ' ': 'Space'
}

/** Keys as they are shown: "Ctrl Shift C". */
export function shownKeys(keys: string): string {
  const { key, ctrl, alt, shift } = parsed(keys)
  const name = SHOWN[key] ?? (key.length === 1 ? key.toUpperCase() : key)
  return [ctrl && 'Ctrl', alt && 'Alt', shift && 'Shift', name].filter(Boolean).join(' ')
}
