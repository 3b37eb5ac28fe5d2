// CIFAR-10's binary batches: records of a label's byte and 3,072 bytes of a picture, its planes one
// after the other. Plain Node.
import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PICTURE, type Pictures } from '../../../model/learning.ts'
import { Fault } from '../../wire/fault.ts'

const RECORD = 1 + PICTURE
const CLASSES = 10
const TRAIN = /^data_batch_\d+\.bin$/
const TEST = 'test_batch.bin'

/** Whether a folder holds batches. */
export function hasBatches(folder: string): boolean {
  return existsSync(join(folder, TEST)) && readdirSync(folder).some((name) => TRAIN.test(name))
}

/** Reads all batches of a folder. Throws Fault bad-argument for one that is cut short. */
export async function readBatches(folder: string): Promise<{ train: Pictures; test: Pictures }> {
  const names = readdirSync(folder)
    .filter((name) => TRAIN.test(name))
    .sort()
  return { train: await read(folder, names), test: await read(folder, [TEST]) }
}

async function read(folder: string, names: readonly string[]): Promise<Pictures> {
  const batches: Uint8Array[] = []
  for (const name of names) {
    const bytes = await readFile(join(folder, name))
    if (bytes.length === 0 || bytes.length % RECORD !== 0)
      throw refused(name, `a multiple of ${RECORD} bytes`, `${bytes.length}`)
    batches.push(bytes)
  }
  const n = batches.reduce((sum, { length }) => sum + length / RECORD, 0)
  const pixels = new Uint8Array(n * PICTURE)
  const labels = new Uint16Array(n)
  let row = 0
  batches.forEach((bytes, batch) => {
    for (let at = 0; at < bytes.length; at += RECORD, row++) {
      labels[row] = bytes[at]!
      if (labels[row]! >= CLASSES)
        throw refused(names[batch]!, `labels below ${CLASSES}`, `${labels[row]} at byte ${at}`)
      pixels.set(bytes.subarray(at + 1, at + RECORD), row * PICTURE)
    }
  })
  return { pixels, labels }
}

function refused(name: string, expected: string, received: string): Fault {
  return new Fault({ kind: 'bad-argument', subject: name, expected, received })
}
