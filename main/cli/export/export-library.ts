// Takes all photos of a library to a folder in a format that other programs read. Runs in the
// command line's process; memory does not grow with the library.
import * as v from 'valibot'
import type { LibrarySnapshot } from '../../engine/api.ts'
import { Fault } from '../../wire/fault.ts'
import { headModel } from '../../../model/learning.ts'
import { STRICTNESS, parseQuantizer } from '../../../model/retrieval.ts'
import type { Quantizer } from '../../../model/retrieval.ts'
import { beginFaissFiles, beginNpyFiles } from './array-files.ts'
import { openExportFolder } from './export-folder.ts'
import type { ExportFolder } from './export-folder.ts'
import { beginParquetFiles } from './parquet-files.ts'
import { jsonLines } from './written-photos.ts'
import type { BeginFiles } from './written-photos.ts'

export const Format = v.picklist(['parquet', 'npy', 'faiss'])
export type Format = v.InferOutput<typeof Format>

const BEGIN: Record<Format, BeginFiles> = {
  parquet: beginParquetFiles,
  npy: beginNpyFiles,
  faiss: beginFaissFiles
}
/** The version of what docs/export.md tells. */
const VERSION = 1
/** Photos that are read and written at a time: some 8 MB of vectors, a row group of Parquet. */
const AT_ONCE = 2048

/** What was written. */
export interface Exported {
  photos: number
  files: string[] // names, in the folder
  bytes: number
}

/**
 * Writes the snapshot, which it closes, into a folder that is new or empty. Nothing stays there
 * when it fails, is stopped or the process exits. Throws Fault bad-argument, cancelled, or of the
 * disk.
 */
export async function exportLibrary(
  snapshot: LibrarySnapshot,
  format: Format,
  path: string,
  onPart: (done: number) => void
): Promise<Exported> {
  try {
    checkHasEnough(snapshot, format)
    const folder = openExportFolder(path)
    const onExit = (): void => folder.discard()
    process.once('exit', onExit)
    try {
      await writeAll(snapshot, format, folder, onPart)
      return { photos: snapshot.count, ...folder.finish() }
    } finally {
      process.off('exit', onExit)
      folder.discard()
    }
  } finally {
    snapshot.close()
  }
}

async function writeAll(
  snapshot: LibrarySnapshot,
  format: Format,
  folder: ExportFolder,
  onPart: (done: number) => void
): Promise<void> {
  const { count, model } = snapshot
  const quantizer = model && parseQuantizer(model.record)
  const files = BEGIN[format](folder, { count, quantizer })
  if (quantizer) folder.put('head.onnx', headModel(quantizer))
  folder.put('export.json', `${JSON.stringify(cardOf(snapshot, format, quantizer), null, 2)}\n`)
  const marks = folder.create('marks.jsonl')
  for (const part of snapshot.marks(AT_ONCE)) marks.write(jsonLines(part))
  let done = 0
  for await (const photos of snapshot.parts(AT_ONCE)) {
    files.add(photos)
    onPart((done += photos.length))
  }
  files.finish()
}

function checkHasEnough({ count, model }: LibrarySnapshot, format: Format): void {
  const of = { kind: 'bad-argument', subject: 'export' } as const
  const expected = 'a library with indexed photos (index a folder first)'
  if (count === 0) throw new Fault({ ...of, expected, received: 'none' })
  if (format === 'faiss' && !model)
    throw new Fault({
      ...of,
      expected: 'a library with codes, from 256 photos on (parquet and npy take any)',
      received: `${count} photos without codes`
    })
}

/** What a reader of the files has to know of them all. */
function cardOf(
  { count, model }: LibrarySnapshot,
  format: Format,
  quantizer: Quantizer | undefined
): object {
  const { backbone, averages = false } = quantizer ?? {}
  return {
    version: VERSION,
    format,
    madeAt: new Date().toISOString(),
    photos: count,
    model: model
      ? {
          ...model.info,
          createdAt: new Date(model.info.createdAt).toISOString(),
          backbone,
          averages,
          descriptorLength: Math.sqrt(model.info.M),
          strictness: STRICTNESS
        }
      : null
  }
}
