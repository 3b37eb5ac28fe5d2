// What a picture with holes is laid on, as a tile, large and before the backbone. Pure.
//
// [Note: ground] White, as on paper, or a dark grey where more than half of what can be seen is
// nearly white, and would be lost on white: drawings with light lines, white logos.

const WHITE = 255
const DARK = 32
/** Luma from which a colour can hardly be told from white, 0 to 255. */
const LIGHT = 200

/** The level of grey that pixels, four bytes each, are laid on; undefined without holes in them. */
export function groundOf(pixels: Uint8ClampedArray): number | undefined {
  let isClear = false
  let [light, all] = [0, 0]
  for (let at = 0; at < pixels.length; at += 4) {
    const opacity = pixels[at + 3]!
    if (opacity < 255) isClear = true
    const luma = 0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!
    if (luma >= LIGHT) light += opacity
    all += opacity
  }
  if (!isClear) return undefined
  return light > all / 2 ? DARK : WHITE
}

/** Lays pixels, four bytes each, on their ground, or that of the picture that they are part of. */
export function layOnGround(pixels: Uint8ClampedArray, ground = groundOf(pixels)): void {
  if (ground === undefined) return
  for (let at = 0; at < pixels.length; at += 4) {
    const opacity = pixels[at + 3]! / 255
    for (let channel = at; channel < at + 3; channel++)
      pixels[channel] = ground + (pixels[channel]! - ground) * opacity
    pixels[at + 3] = 255
  }
}
