// Boxes of ISO media files, for files that tests make. Test code only.

/** A box: its size, its name, what it holds. */
export function box(name: string, ...content: Uint8Array[]): Buffer {
  const head = Buffer.alloc(8)
  const body = Buffer.concat(content)
  head.writeUInt32BE(8 + body.length)
  head.write(name, 4, 'latin1')
  return Buffer.concat([head, body])
}
