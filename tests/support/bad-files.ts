// Many bad files, no two alike, and the words that each is to be refused with. Test code only.
import { busy, cut, withWrongSum, zeroed } from './damaged-files.ts'

export interface BadFile {
  name: string
  file: Uint8Array
  /** In the reason that people read. */
  reason: RegExp
}

/** `places` files of each kind that shows by a place, cut or spoilt at different ones. */
export async function badFiles(places: number): Promise<BadFile[]> {
  const files: BadFile[] = [
    { name: 'empty.jpg', file: new Uint8Array(0), reason: /an empty file/ },
    { name: 'text.jpg', file: Buffer.from('no photo, but words'), reason: /like no photo format/ },
    { name: 'pages.pdf.jpg', file: Buffer.from('%PDF-1.7'.padEnd(400)), reason: /PDF/ }
  ]
  for (let i = 0; i < places; i++) {
    const share = 0.2 + (0.6 * i) / places
    const picture = busy(160, 640, i + 1)
    // The reason tells how much is there, so it shows whether it is about the right file.
    const near = (tolerance: number): RegExp => {
      const all = Array.from({ length: 2 * tolerance + 1 }, (_, d) => d - tolerance)
      return new RegExp(`ends after (${all.map((d) => Math.round(100 * share) + d).join('|')}) %`)
    }
    const jpeg = new Uint8Array(await picture.clone().jpeg().toBuffer())
    const png = new Uint8Array(await picture.clone().png().toBuffer())
    const webp = new Uint8Array(await picture.clone().webp().toBuffer())
    const small = busy(64, 64, i + 1)
    const gif = await small.clone().gif().toBuffer()
    const avif = await small.avif({ effort: 0 }).toBuffer()
    const tables = Uint8Array.from(jpeg)
    const codes = Buffer.from(jpeg).indexOf(Buffer.from([0xff, 0xc4])) + 5
    tables.fill(0xff, codes, codes + 16)
    const made: Record<string, [Uint8Array, RegExp]> = {
      'cut.jpg': [cut(jpeg, share), near(6)],
      'zeros.jpg': [zeroed(jpeg, share, share + 0.1), near(6)],
      'tables.jpg': [tables, /nothing is left|cannot be read/],
      'cut.png': [cut(png, share), near(6)],
      'header.png': [withWrongSum(png, 'IHDR'), /a wrong checksum of its header/],
      'cut.webp': [cut(webp, share), /ends after \d+ %|nothing is left/],
      'cut.gif': [cut(gif, share), /ends after \d+ %|nothing is left/],
      'cut.avif': [cut(avif, 0.8 + share / 8), /some pixels are missing/]
    }
    for (const [name, [file, reason]] of Object.entries(made))
      files.push({ name: `${i}-${name}`, file, reason })
  }
  return files
}

/** Names that no reason may have in it. */
export const LIBRARIES = /vips|sharp|spng|libpng|heif|chrom|decod|error|undefined/i
