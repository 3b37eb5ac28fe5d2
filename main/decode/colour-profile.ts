// The colour profile that a JPEG carries, as far as it has to be known: is it Display P3, which
// phones write? Pure; bytes are untrusted. No colour is converted here.

/**
 * Media-relative red of Display P3 in XYZ (D50), as its profiles hold it: sRGB's is 0.436, 0.222,
 * 0.014.
 */
const DISPLAY_P3_RED = [0.5151, 0.2412, -0.0011] as const
const TOLERANCE = 0.003
const MARK = 'ICC_PROFILE\0'

/** True for a JPEG whose embedded ICC profile has the red of Display P3 (ICC.1, 9.2.44 rXYZ). */
export function isDisplayP3(jpeg: Uint8Array): boolean {
  const profile = profileOf(jpeg)
  if (!profile || profile.byteLength < 132) return false
  const tags = Math.min(profile.getUint32(128), 100)
  for (let at = 132; at < 132 + tags * 12 && at + 12 <= profile.byteLength; at += 12) {
    if (profile.getUint32(at) !== 0x7258595a) continue // 'rXYZ'
    const value = profile.getUint32(at + 4) + 8
    if (value + 12 > profile.byteLength) return false
    return DISPLAY_P3_RED.every(
      (number, i) => Math.abs(profile.getInt32(value + i * 4) / 65536 - number) < TOLERANCE
    )
  }
  return false
}

/** The first piece of the profile (APP2), which holds the whole of any that is not a table. */
function profileOf(jpeg: Uint8Array): DataView | undefined {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength)
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff; ) {
    const marker = jpeg[at + 1]
    if (marker === 0xda) return undefined
    const length = view.getUint16(at + 2)
    const body = at + 4 + MARK.length + 2 // two bytes: which piece, of how many
    const end = Math.min(at + 2 + length, jpeg.length)
    const marked = [...MARK].every((letter, i) => jpeg[at + 4 + i] === letter.charCodeAt(0))
    if (marker === 0xe2 && marked && body < end)
      return new DataView(jpeg.buffer, jpeg.byteOffset + body, end - body)
    at += 2 + length
  }
  return undefined
}
