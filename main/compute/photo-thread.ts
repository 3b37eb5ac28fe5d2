// A worker thread of compute: reads files, hashes them, reads their metadata, and turns decoded
// pixels into the backbone's input, so that none of it waits for ONNX Runtime, which stops the main
// thread while it runs. Never loads ONNX Runtime or a decoder.
import { basename } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import * as v from 'valibot'
import {
  Card,
  PHOTO_VIEWS,
  createAugmenter,
  createPreprocessor,
  fingerprintOf,
  imageCode,
  loadResize,
  sampleAugmentation,
  seededRandom
} from '../../model/retrieval.ts'
import type { Augment } from '../../model/retrieval.ts'
import { decodedFormatOf } from '../decode/format.ts'
import type { DecodedFormat } from '../wire/decoder-contract.ts'
import { serve } from '../wire/channel.ts'
import { isRaw } from '../decode/picture-in.ts'
import { rawPreview } from '../decode/raw-preview.ts'
import { Bug, isFault } from '../wire/fault.ts'
import { moving, portOfThread } from '../wire/port.ts'
import { hasThumbnail, readMetadata, readPhoto, readSidecar, writeThumbnail } from './files.ts'
import { readHashed } from './hashed-photo.ts'
import { heicPreview } from './heic-preview.ts'
import { heldInside } from './held-inside.ts'
import { previewOf } from './jpeg-preview.ts'
import { metadataOf } from './photo-metadata.ts'
import { threadContract, type ReadPhoto } from './thread-contract.ts'

// An error that nobody caught ends the thread, whatever the runtime makes of rejections, and the
// thread's end is the end of compute.
process.on('unhandledRejection', (error) => {
  throw error
})

if (!parentPort) throw new Bug('the photo thread was not started as a worker')
const { card, slots } = v.parse(
  v.object({ card: Card, slots: v.instance(SharedArrayBuffer) }),
  workerData
)
const preprocessor = imageCode('resize').then((code) =>
  createPreprocessor(card, loadResize(code))
)
let augmenter: Promise<Augment> | undefined // its code is loaded when views are first asked for
const tensors = new Float32Array(slots) // [slots, 3, size, size]

serve(portOfThread(parentPort), threadContract, {
  async read({ path, thumbnails, sidecar, shortSide }) {
    const subject = basename(path)
    // A film of gigabytes is refused by its first bytes.
    const check = (head: Uint8Array): void => void decodedFormatOf(head, subject)
    const { bytes: read, hash, isWhole } = await readHashed(path, check, shortSide !== null)
    const format = decodedFormatOf(read, subject)
    const preview = shortSide === null ? null : smallOf(read, format, shortSide)
    const bytes = preview || isWhole ? read : await readPhoto(path, check)
    const beside = await sidecarOf(sidecar)
    const needsThumbnail = thumbnails !== null && !(await hasThumbnail(thumbnails, hash))
    return moving(
      {
        bytes: preview ? null : bytes,
        format,
        fileSize: bytes.length,
        preview,
        hash,
        ...metadataOf(bytes, beside.xmp),
        isDated: beside.isRead,
        holds: heldInside(bytes),
        needsThumbnail
      },
      preview ? null : bytes,
      preview && preview.bytes,
      preview?.rows?.jpeg ?? null
    )
  },
  async date({ path, sidecar }) {
    const beside = sidecar === null ? null : await readSidecar(sidecar)
    const bytes = await readMetadata(path)
    return { ...metadataOf(bytes, beside), holds: heldInside(bytes) }
  },
  async prepare({ rgb, width, height, slot, thumbnail }) {
    const preprocess = await preprocessor
    preprocess({ rgb, width, height }, tensors, slot)
    if (thumbnail) await writeThumbnail(thumbnail.folder, thumbnail.hash, thumbnail.bytes)
    return { fingerprint: fingerprintOf(rgb, width, height) }
  },
  async keepThumbnail({ folder, hash, bytes }) {
    await writeThumbnail(folder, hash, bytes)
    return {}
  },
  async augment({ rgb, width, height, slots, seed }) {
    augmenter ??= imageCode('augment').then((code) => createAugmenter(card, code))
    const augment = await augmenter
    const random = seededRandom(seed)
    for (const slot of slots) {
      const view = sampleAugmentation(random, PHOTO_VIEWS, { width, height })
      augment({ rgb, width, height }, view, tensors, slot)
    }
    return {}
  }
})

/** The XMP file beside a photo, and whether it could be read: the photo is described without. */
async function sidecarOf(
  path: string | null
): Promise<{ xmp: Uint8Array | null; isRead: boolean }> {
  try {
    return { xmp: path === null ? null : await readSidecar(path), isRead: true }
  } catch (error) {
    if (!isFault(error)) throw error
    return { xmp: null, isRead: false } // it is read later, as a photo's that is not dated
  }
}

type Preview = ReadPhoto['preview']

/** A small picture that is not to be compared with the whole. */
function withoutRows(preview: Omit<NonNullable<Preview>, 'rows'> | undefined): Preview {
  return preview ? { ...preview, rows: null } : null
}

/** A small picture that a file holds of itself. */
function smallOf(
  bytes: Uint8Array<ArrayBuffer>,
  format: DecodedFormat,
  shortSide: number
): Preview {
  if (format === 'jpeg') return previewOf(bytes, shortSide) ?? null
  if (format === 'heic') return withoutRows(heicPreview(bytes, shortSide))
  return isRaw(bytes, format) ? withoutRows(rawPreview(bytes, shortSide)) : null
}
