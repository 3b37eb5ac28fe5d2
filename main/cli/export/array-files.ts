// Exports as plain arrays, one row a photo: of NumPy alone, or with an index of faiss. In both
// photos.jsonl has the facts of the photos, a line each, in the same order. docs/export.md says
// what is in each file. Pure, but for the files that it is given.
import type { TakenPhoto } from '../../engine/api.ts'
import { Bug } from '../../wire/fault.ts'
import { K } from '../../../model/retrieval.ts'
import type { Codebooks } from '../../../model/retrieval.ts'
import type { ExportFolder } from './export-folder.ts'
import { faissEnd, faissHeader } from './faiss-index.ts'
import { beginNpy, bytesOfNumbers } from './npy-file.ts'
import { factsOf, jsonLines } from './written-photos.ts'
import type { PhotoFiles, Taken } from './written-photos.ts'

type Encoding = NonNullable<TakenPhoto['encoding']>

/** Writes the encodings of photos, in order. */
interface Rows {
  add(encodings: readonly Encoding[]): void
  finish?(): void
}

/** Begins the arrays of NumPy; without a model there are none. */
export function beginNpyFiles(folder: ExportFolder, { count, quantizer }: Taken): PhotoFiles {
  if (!quantizer) return withFacts(folder, [])
  const { M, L, values } = quantizer.codebooks
  beginNpy(folder.create('codebooks.npy'), '<f4', [M, K, L]).write(bytesOfNumbers(values))
  return withFacts(folder, [
    descriptorsTo(folder, count, quantizer.codebooks),
    rowsTo(beginNpy(folder.create('projected.npy'), '<f2', [count, 256]), ({ projected }) =>
      bytesOfNumbers(projected)
    ),
    rowsTo(beginNpy(folder.create('codes.npy'), '|u1', [count, M / 2]), ({ code }) => code)
  ])
}

/** Begins an index of faiss, and the descriptors of the photos to ask it with. */
export function beginFaissFiles(folder: ExportFolder, { count, quantizer }: Taken): PhotoFiles {
  if (!quantizer) throw new Bug('an index of faiss needs a model')
  const index = folder.create('index.faiss')
  index.write(faissHeader(quantizer.codebooks, count))
  return withFacts(folder, [
    { ...rowsTo(index, ({ code }) => code), finish: () => index.write(faissEnd()) },
    descriptorsTo(folder, count, quantizer.codebooks)
  ])
}

function descriptorsTo(folder: ExportFolder, count: number, { M, L }: Codebooks): Rows {
  const file = beginNpy(folder.create('descriptors.npy'), '<f2', [count, M * L])
  return rowsTo(file, ({ descriptor }) => bytesOfNumbers(descriptor))
}

function rowsTo(
  file: { write(bytes: Uint8Array): void },
  bytesOf: (encoding: Encoding) => Uint8Array
): Rows {
  return { add: (encodings) => file.write(Buffer.concat(encodings.map(bytesOf))) }
}

function withFacts(folder: ExportFolder, arrays: readonly Rows[]): PhotoFiles {
  const facts = folder.create('photos.jsonl')
  return {
    add(photos) {
      facts.write(jsonLines(photos.map(factsOf)))
      const encodings = photos.flatMap(({ encoding }) => encoding ?? [])
      for (const array of arrays) array.add(encodings)
    },
    finish() {
      for (const array of arrays) array.finish?.()
    }
  }
}
