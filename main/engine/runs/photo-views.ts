// Augmented views of the photos of a run: made where they are missing, of thumbnails, so that the
// drive with the photos need not be there. Runs in the writer; compute sees them.
import { knownPhoto } from '../photo-paths.ts'
import type { UsedModel } from '../lines/compute-session.ts'
import type { Context } from '../context.ts'
import { callForPhotos, withoutRefused } from '../indexing/photo-calls.ts'
import type { RunParts } from './run-parts.ts'

/** Views of each photo, and their seed: cached views serve every run. */
export const VIEWS = 4
const SEED = 1

/** Makes the views that a sample lacks; the meter is told. Rejects as `callForPhotos`. */
export async function makeSampleViews(
  { context, meter }: Pick<RunParts, 'context' | 'meter'>,
  base: UsedModel,
  sample: Uint32Array,
  signal: AbortSignal
): Promise<void> {
  const total = sample.length
  const seen = context.catalogue.views.photos(base.id)
  const missing = [...sample].filter((id) => !seen.has(id))
  meter.begin('views', total - missing.length, total, total)
  await makeViews(context, base, missing, (photos) => meter.add(photos), signal)
}

/**
 * Makes the views of these photos. Photos that cannot be read are left out.
 * Rejects as `callForPhotos`.
 */
function makeViews(
  context: Context,
  base: UsedModel,
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
      const argument = { photos, quantizer: base.record, V: VIEWS, seed: SEED }
      const { outcomes } = await session.call('views', argument, signal)
      const seen = withoutRefused(outcomes)
      catalogue.transaction(() => {
        for (const { id, views } of seen) catalogue.views.put(id, base.id, views)
      })
    },
    onDone,
    signal
  )
}
