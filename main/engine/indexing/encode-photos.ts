// Encodes photos from their stored features, in chunks, until none lacks an encoding of a model:
// after a new model was made, and for photos that came back or were copied. Runs in the engine.
import type { Encoded } from '../../wire/records.ts'
import type { Context } from '../context.ts'
import type { UsedModel } from '../compute-link.ts'
import { joinedHalves, rowOf } from '../joined.ts'
import { averages } from '../../../model/retrieval.ts'

/** Photos of a call, and of the transaction that keeps what comes of it. */
const CALL = 1024

/**
 * Gives every indexed photo of the backbone an encoding of the model. Safe to stop and repeat.
 * `onDone` is told how many photos were encoded since it was told last.
 */
export async function encodeAll(
  context: Context,
  model: UsedModel,
  signal: AbortSignal,
  onDone: (photos: number) => void = () => undefined
): Promise<void> {
  const { catalogue, link } = context
  const { backbone } = model.record
  for (let after = 0; ;) {
    const ids = catalogue.vectors.unencoded(model.id, backbone, after, CALL)
    const last = ids.at(-1)
    if (last === undefined) return
    after = last
    const present: { id: number; feature: Uint16Array }[] = []
    for (const id of ids) {
      const feature = catalogue.vectors.indexedFeature(id, backbone)
      if (feature) present.push({ id, feature })
    }
    const session = await link.session(signal)
    const features = joinedHalves(present.map((photo) => photo.feature))
    const encoded = await session.encode(model, features, present.length, signal)
    keep(context, model, present, encoded)
    onDone(ids.length)
  }
}

function keep(
  { catalogue, reader }: Context,
  model: UsedModel,
  photos: readonly { id: number; feature: Uint16Array }[],
  encoded: Encoded
): void {
  const added: number[] = []
  catalogue.transaction(() => {
    for (const [i, { id, feature }] of photos.entries()) {
      // It may have left, or been described anew, while it was encoded.
      if (!isSame(catalogue.vectors.indexedFeature(id, model.record.backbone), feature)) continue
      const encoding = rowOf(encoded, i, photos.length)
      catalogue.vectors.putEncoding(id, model.id, encoding, !averages(model.record))
      added.push(id)
    }
  })
  reader.changed(added, model.id)
}

function isSame(a: Uint16Array | undefined, b: Uint16Array): boolean {
  return a !== undefined && a.length === b.length && a.every((value, i) => value === b[i])
}
