// The order of names within one moment, as people count: 2 before 10, "a" before "a (1)". Pure.

/** A text that sorts, by its bytes, as a file's name does among others, its extension left out. */
export function sortName(name: string): string {
  const stem = name.replace(/(?!^)\.[^.]*$/, '').normalize('NFC').toLowerCase()
  // Before each number stands how many digits it has: fewer come first.
  return stem.replace(/\d+/g, (digits) => {
    const number = digits.replace(/^0+(?=\d)/, '')
    return String.fromCharCode(0x30 + Math.min(number.length, 0x40)) + number
  })
}
