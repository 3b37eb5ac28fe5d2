// The codes of a GIF's pixels (GIF89a, appendix F): variable-length LZW, unpacked as far as it
// makes sense, and pixels as codes that refer to nothing. Pure; bytes are untrusted.

const MOST_BITS = 12
const MOST_CODES = 2 ** MOST_BITS

/** How many pixels came out before the codes end or make no sense. */
interface Unpacked {
  came: number
  /** All came, and then the code that says so, without which some decoders lose the last ones. */
  hasEnd: boolean
}

/** Unpacks codes into `pixels`. `bits`: of a pixel, as the file says. */
export function unpackedCodes(data: Uint8Array, bits: number, pixels: Uint8Array): Unpacked {
  if (bits < 1 || bits >= MOST_BITS) return { came: 0, hasEnd: false }
  const clear = 1 << bits
  const [before, last, lengths] = [
    new Uint16Array(MOST_CODES), // the code that a code continues
    new Uint8Array(MOST_CODES), // its last pixel
    new Uint16Array(MOST_CODES) // its pixels
  ]
  for (let pixel = 0; pixel < clear; pixel++) {
    last[pixel] = pixel
    lengths[pixel] = 1
  }
  let [at, buffer, held] = [0, 0, 0]
  let [size, next, previous, came] = [bits + 1, clear + 2, -1, 0]
  while (came < pixels.length) {
    while (held < size) {
      if (at >= data.length) return { came, hasEnd: false }
      buffer |= data[at++]! << held
      held += 8
    }
    const code = buffer & ((1 << size) - 1)
    buffer >>>= size
    held -= size
    if (code === clear) {
      ;[size, next, previous] = [bits + 1, clear + 2, -1]
      continue
    }
    if (code === clear + 1 || code > next || (code >= clear && previous < 0))
      return { came, hasEnd: false }
    const known = code === next ? previous : code
    const length = lengths[known]! + (code === next ? 1 : 0)
    const end = came + length
    let first = known
    for (let to = came + lengths[known]! - 1; to >= came; to--) {
      if (to < pixels.length) pixels[to] = last[first]!
      if (to > came) first = before[first]!
    }
    if (code === next && end <= pixels.length) pixels[end - 1] = last[first]!
    if (previous >= 0 && next < MOST_CODES) {
      before[next] = previous
      last[next] = last[first]!
      lengths[next] = lengths[previous]! + 1
      next++
      if (next === 1 << size && size < MOST_BITS) size++
    }
    previous = code
    came = Math.min(pixels.length, end)
  }
  for (; held < size && at < data.length; held += 8) buffer |= data[at++]! << held
  return { came, hasEnd: held >= size && (buffer & ((1 << size) - 1)) === clear + 1 }
}

/** Codes of these pixels, a code each, which are cleared before they grow longer. */
export function literalCodes(pixels: Uint8Array, bits: number): Uint8Array {
  const [clear, size] = [1 << bits, bits + 1]
  const most = clear - 2 // codes until the next would have a bit more
  const count = pixels.length + Math.ceil(pixels.length / most) + 1
  const bytes = new Uint8Array(Math.ceil((count * size) / 8))
  let [at, buffer, held] = [0, 0, 0]
  const put = (code: number): void => {
    buffer |= code << held
    for (held += size; held >= 8; held -= 8, buffer >>>= 8) bytes[at++] = buffer & 0xff
  }
  for (let pixel = 0; pixel < pixels.length; pixel++) {
    if (pixel % most === 0) put(clear)
    put(pixels[pixel]!)
  }
  put(clear + 1)
  if (held > 0) bytes[at] = buffer & 0xff
  return bytes
}
