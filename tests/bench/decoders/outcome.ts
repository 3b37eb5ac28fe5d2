// What became of a file in the app's decoder and in the command line's, why both differ where they
// do, and the sums over all files.
import { readProfile } from '../../../main/decode/colour-profile.ts'
import { decodedFormatOf } from '../../../main/decode/format.ts'
import { readHeader, type Header } from '../../../main/decode/header.ts'
import { isFault, type Fault } from '../../../main/wire/fault.ts'
import type { DecodeFile, Decoded } from '../../support/decoding.ts'
import { meanDifference } from '../../support/pictures.ts'

/** Two pictures that differ by more than this, of 255 in the mean, are not the same. */
const LIMIT = 3
/** Side of the squares whose means show colours without details, pixels. */
const SQUARE = 16

export interface Outcome {
  /** By one of both at least. */
  isRead: boolean
  /** Of no kind that Kindred reads. */
  unknown?: string
  app?: Fault
  commandLine?: Fault
  /** Of 255, where both have read it. */
  difference?: number
  /** Why they differ; undefined where they do not. */
  cause?: string
  words: string
}

/** Decodes a file with both. */
export async function outcomeOf(
  name: string,
  file: Buffer,
  app: DecodeFile,
  commandLine: DecodeFile
): Promise<Outcome> {
  try {
    decodedFormatOf(file, name)
  } catch (error) {
    if (!isFault(error)) throw error
    const { received: words } = error.record
    if (error.kind === 'unsupported-format') return { isRead: false, unknown: words, words }
    return { isRead: false, app: error, commandLine: error, words }
  }
  const [ours, theirs] = [await attempt(app, file, name), await attempt(commandLine, file, name)]
  if (isFault(ours) || isFault(theirs)) {
    const told = (one: Decoded | Fault): string => (isFault(one) ? one.record.received : 'reads it')
    return {
      isRead: !isFault(ours) || !isFault(theirs),
      ...(isFault(ours) && { app: ours }),
      ...(isFault(theirs) && { commandLine: theirs }),
      words: `app: ${told(ours)}; command line: ${told(theirs)}`
    }
  }
  if (ours.width !== theirs.width || ours.height !== theirs.height) {
    const sizes = [ours, theirs].map(({ width, height }) => `${width} x ${height}`)
    return { isRead: true, cause: 'size', words: `size: ${sizes.join(' against ')}` }
  }
  const difference = meanDifference(ours.rgb, theirs.rgb)
  const words = `differs by ${difference.toFixed(2)}`
  if (difference <= LIMIT) return { isRead: true, difference, words }
  const cause = await causeOf(name, file, ours, theirs)
  return { isRead: true, difference, cause, words: `${words}: ${cause}` }
}

async function attempt(decode: DecodeFile, file: Buffer, name: string): Promise<Decoded | Fault> {
  try {
    return await decode(file, name)
  } catch (error) {
    if (isFault(error)) return error
    throw error
  }
}

async function causeOf(name: string, file: Buffer, a: Decoded, b: Decoded): Promise<string> {
  if (meanDifference(squares(a), squares(b)) < LIMIT / 2) return 'details'
  const format = decodedFormatOf(file, name)
  if (format === 'raw') return 'colours of a preview'
  const header: Header = readHeader(file, format, name)
  if (header.channels === 4) return 'inks'
  if (await readProfile(file, format)) return 'a profile'
  if ((header.orientation?.value ?? 1) !== 1) return 'orientation'
  return 'colours'
}

/** The means of squares of a picture, as bytes. */
function squares({ rgb, pixelWidth, pixelHeight }: Decoded): Uint8Array {
  const [columns, rows] = [Math.ceil(pixelWidth / SQUARE), Math.ceil(pixelHeight / SQUARE)]
  const sums = new Float64Array(columns * rows * 3)
  const counts = new Float64Array(sums.length)
  for (const [i, value] of rgb.entries()) {
    const [x, y] = [Math.floor(i / 3) % pixelWidth, Math.floor(i / 3 / pixelWidth)]
    const at = (Math.floor(y / SQUARE) * columns + Math.floor(x / SQUARE)) * 3 + (i % 3)
    sums[at]! += value
    counts[at]!++
  }
  return Uint8Array.from(sums, (sum, at) => Math.round(sum / counts[at]!))
}

export interface Summary {
  files: number
  /** Of kinds that are not read, by kind. */
  unknown: Record<string, number>
  unreadable: { app: number; commandLine: number; both: number }
  compared: number
  /** Mean of the differences of those that both have read. */
  meanDifference: number
  /** Those that differ, by cause. */
  different: Record<string, number>
}

/** The sums over all files. */
export function summaryOf(outcomes: readonly Outcome[]): Summary {
  const counted = (words: (string | undefined)[]): Record<string, number> => {
    const counts: Record<string, number> = {}
    for (const word of words) if (word !== undefined) counts[word] = (counts[word] ?? 0) + 1
    return counts
  }
  const known = outcomes.flatMap(({ difference }) => (difference === undefined ? [] : [difference]))
  return {
    files: outcomes.length,
    unknown: counted(outcomes.map(({ unknown }) => unknown)),
    unreadable: {
      app: outcomes.filter(({ app }) => app).length,
      commandLine: outcomes.filter(({ commandLine }) => commandLine).length,
      both: outcomes.filter(({ app, commandLine }) => app && commandLine).length
    },
    compared: known.length,
    meanDifference: known.reduce((sum, one) => sum + one, 0) / Math.max(1, known.length),
    different: counted(outcomes.map(({ cause }) => cause))
  }
}
