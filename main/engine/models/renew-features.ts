// Features of photos by another backbone than the one that serves, kept beside those it has made:
// for the validation of a tuned backbone, and before it serves. Runs in the writer; compute reads
// the photos.
import type { Context } from '../context.ts'
import { knownPhoto } from '../photo-paths.ts'
import { callForPhotos, withoutRefused } from '../indexing/photo-calls.ts'

/** Photos that are looked for at once. */
const ROWS_AT_ONCE = 5000

/**
 * Makes features of these photos by a backbone; of those that cannot be read there are none then.
 * Rejects as `callForPhotos`.
 */
export function renewFeatures(
  context: Context,
  backbone: string,
  ids: readonly number[],
  onDone: (photos: number) => void,
  signal: AbortSignal
): Promise<void> {
  const { catalogue } = context
  return callForPhotos(
    context,
    ids,
    async (session, batch) => {
      const photos = batch.flatMap((id) => knownPhoto(context, id) ?? [])
      const hashes = new Map(batch.map((id) => [id, catalogue.photos.place(id)?.hash]))
      const { outcomes } = await session.call('renew', { photos, backbone }, signal)
      const renewed = withoutRefused(outcomes)
      catalogue.transaction(() => {
        for (const { id, feature } of renewed) {
          // It may have left, or have another content since.
          if (catalogue.photos.place(id)?.hash !== hashes.get(id)) continue
          catalogue.vectors.addFeature(id, backbone, feature)
        }
      })
    },
    onDone,
    signal
  )
}

/**
 * Makes what is missing of the features of all indexed photos. Those that cannot be read, not even
 * their thumbnails, wait to be indexed again. Safe to stop and repeat; rejects as `callForPhotos`.
 */
export async function renewAll(
  context: Context,
  backbone: string,
  onDone: (photos: number) => void,
  signal: AbortSignal
): Promise<void> {
  const { vectors } = context.catalogue
  for (;;) {
    const ids = vectors.undescribed(backbone, 0, ROWS_AT_ONCE)
    if (ids.length === 0) return
    await renewFeatures(context, backbone, ids, onDone, signal)
    const left = new Set(vectors.undescribed(backbone, 0, ROWS_AT_ONCE))
    const unread = ids.filter((id) => left.has(id) && vectors.requeue(id))
    if (unread.length > 0) context.onPending()
  }
}
