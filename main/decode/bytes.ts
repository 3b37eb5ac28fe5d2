// Bytes as the readers of file structures take them. Pure.

/** Bytes one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** The same bytes to read numbers from, from one of them on. */
export function viewOf(bytes: Uint8Array, begin = 0): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset + begin, bytes.byteLength - begin)
}
