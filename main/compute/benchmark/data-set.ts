// The benchmark's data on disk: CIFAR-10's binary batches, or folders of pictures by class. Plain
// Node, for the command line; the app never reads it.
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Pictures } from '../../../model/learning.ts'
import { Fault } from '../../wire/fault.ts'
import { hasBatches, readBatches } from './cifar.ts'
import { readClassFolders } from './class-folders.ts'

export interface DataSet {
  readonly train: Pictures
  readonly test: Pictures
}

/** CIFAR-10's archive unpacks into this folder. */
const UNPACKED = 'cifar-10-batches-bin'

/**
 * Reads a data set: CIFAR-10 (data_batch_1.bin .. and test_batch.bin, there or in the folder that
 * its archive makes) or train/<class>/* and test/<class>/*.
 * Throws a Fault: `bad-argument`, `corrupt-photo`, `unsupported-format`.
 */
export async function readDataSet(folder: string): Promise<DataSet> {
  if (!existsSync(folder)) throw missing(folder, 'no folder')
  for (const place of [folder, join(folder, UNPACKED)])
    if (hasBatches(place)) return readBatches(place)
  if (existsSync(join(folder, 'train')) && existsSync(join(folder, 'test')))
    return readClassFolders(folder)
  throw missing(folder, 'neither')
}

function missing(folder: string, received: string): Fault {
  return new Fault({
    kind: 'bad-argument',
    subject: `--data ${basename(folder)}`,
    expected:
      "CIFAR-10's binary batches (data_batch_1.bin .. data_batch_5.bin, test_batch.bin) " +
      'or the folders train/<class> and test/<class> with pictures',
    received
  })
}
