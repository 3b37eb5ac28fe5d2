// Damage in a JPEG that shows in its markers, in the order ITU T.81 gives them. Chromium fills in
// what such a file has lost and says nothing; sharp refuses it. Pure; bytes are untrusted.
import { corrupt } from './decoder.ts'

/**
 * Throws a Fault `corrupt-photo` at a marker that cannot stand between pixels: one that is
 * reserved, or a restart out of turn. Looks no further than the end mark; pixels themselves are not
 * decoded.
 */
export function checkScans(bytes: Uint8Array, subject: string): void {
  let restart: number | undefined // the number of the next restart marker; none outside a scan
  let at = 2
  while ((at = bytes.indexOf(0xff, at)) !== -1) {
    const marker = bytes[at + 1]
    if (marker === undefined || marker === 0xd9) return // the end
    if (marker === 0xff) {
      at++ // padding
    } else if (marker === 0x00) {
      at += 2 // a byte of the pixels
    } else if (marker >= 0xd0 && marker <= 0xd7) {
      if (restart !== undefined && marker - 0xd0 !== restart)
        throw corrupt(subject, `piece ${marker - 0xd0} of its pixels where ${restart} belongs`)
      if (restart !== undefined) restart = (restart + 1) % 8
      at += 2
    } else if (restart !== undefined && marker < 0xc0) {
      throw corrupt(subject, `foreign bytes between its pixels (${marker.toString(16)})`)
    } else {
      restart = marker === 0xda ? 0 : undefined
      at += 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0))
    }
  }
}
