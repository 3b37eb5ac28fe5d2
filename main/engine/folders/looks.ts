// Looks into files whose names say nothing, to find the pictures among them. Runs in the writer:
// the first bytes are compared, never decoded. What was seen is remembered, so that a later scan
// opens no file again that did not change.
import { constants } from 'node:fs'
import type { FileFacts } from '../../catalogue/file-table.ts'
import { DECODED_FORMATS } from '../../wire/decoder-contract.ts'
import { HEAD_BYTES, formatOf, type PictureFormat } from '../../wire/picture-format.ts'
import { systemCodeOf } from '../../wire/system-fault.ts'
import { readHead } from '../faults/disk.ts'

const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
/** Files that are remembered; about 30 MB of paths. */
const MOST_REMEMBERED = 100_000

const remembered = new Map<string, { facts: string; format: PictureFormat | undefined }>()

/**
 * Whether a file begins like a picture of any kind; it is opened unless it was seen as it is.
 * Throws what the system refused, where that says something about more than this file.
 */
export async function isPictureFile(path: string, facts: Facts): Promise<boolean> {
  return (await formatIn(path, facts)) !== undefined
}

/**
 * Whether a file that is called a RAW or a film begins like a photo of another kind. Opened and
 * throws as `isPictureFile`.
 */
export async function isPhotoInstead(path: string, facts: Facts): Promise<boolean> {
  const format = await formatIn(path, facts)
  return PHOTOS.some((one) => one === format)
}

/** A TIFF may be a RAW. */
const PHOTOS = DECODED_FORMATS.filter((format) => format !== 'raw' && format !== 'tiff')

type Facts = Pick<FileFacts, 'size' | 'modifiedAt' | 'inode'>

async function formatIn(
  path: string,
  { size, modifiedAt, inode }: Facts
): Promise<PictureFormat | undefined> {
  const facts = `${size} ${modifiedAt} ${inode}`
  const known = remembered.get(path)
  if (known?.facts === facts) return known.format
  const head = await headOf(path)
  if (!head) return undefined
  const format = formatOf(head)
  if (remembered.size >= MOST_REMEMBERED) remembered.clear()
  remembered.set(path, { facts, format })
  return format
}

async function headOf(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readHead(path, HEAD_BYTES, FLAGS)
  } catch (error) {
    const code = systemCodeOf(error)
    // A file of another program that is closed to us says nothing about the directory.
    const isOfFile = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'EPERM'].includes(code ?? '')
    if (!isOfFile) throw error
    return undefined
  }
}
