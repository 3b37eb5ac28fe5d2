// A library's tuned backbones on disk: each an ONNX file and its card beside it. Runs in compute;
// the engine removes those that no model needs. Each file is written whole or not
// at all.
import { join } from 'node:path'
import type { Card } from '../../model/retrieval.ts'
import { systemFault } from '../wire/system-fault.ts'
import { makeFolder, writeWhole } from './files.ts'

/**
 * Keeps a tuned backbone in a folder, which is made when missing: the ONNX file first, so that a
 * card speaks of a file that is there. Throws a Fault about the library.
 */
export async function keepTuned(folder: string, card: Card, onnx: Uint8Array): Promise<void> {
  try {
    await makeFolder(folder)
    await writeWhole(join(folder, card.file), onnx)
    await writeWhole(
      join(folder, `${card.name}.json`),
      Buffer.from(`${JSON.stringify(card, null, 2)}\n`)
    )
  } catch (error) {
    throw systemFault(error, 'library', 'backbones', 'a folder that can be written')
  }
}
