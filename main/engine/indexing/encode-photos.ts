// Encodes photos from what is stored of them, in chunks, until none lacks an encoding of a model:
// after a new model was made, and for photos that came back or were copied. Runs in the writer.
import type { Encoded } from '../../wire/records.ts'
import type { Context } from '../context.ts'
import type { UsedModel } from '../lines/compute-session.ts'
import { joinedHalves, rowOf } from '../joined.ts'
import { averages } from '../../../model/retrieval.ts'

/** Photos of a call, and of the transaction that keeps what comes of it. */
const CALL = 2048

/**
 * Gives every indexed photo of the backbone an encoding of the model. It starts from the projected
 * feature where another model has the same one of the photo, which is five times less to read than
 * the feature. Safe to stop and repeat. `onDone` is told how many photos were encoded since it was
 * told last.
 */
export async function encodeAll(
  context: Context,
  model: UsedModel,
  signal: AbortSignal,
  onDone: (photos: number) => void = () => undefined
): Promise<void> {
  const { catalogue } = context
  const { backbone } = model.record
  const others = catalogue.models.ofSameProjection(model.id)
  for (let after = 0; ;) {
    await context.aside.over(signal)
    const ids = catalogue.vectors.unencoded(model.id, backbone, after, CALL)
    const last = ids.at(-1)
    if (last === undefined) return
    after = last
    let left: readonly number[] = ids
    for (const other of others) {
      if (left.length > 0) left = await encodeFromOther(context, model, other, left, signal)
    }
    if (left.length > 0) await encodeFromFeatures(context, model, left, signal)
    onDone(ids.length)
  }
}

/** Encodes those of these photos that another model of the same projection has; the others. */
async function encodeFromOther(
  { catalogue, link, reader }: Context,
  model: UsedModel,
  other: number,
  ids: readonly number[],
  signal: AbortSignal
): Promise<number[]> {
  const photos = catalogue.vectors.projectedOf(ids, other)
  const n = photos.ids.length
  if (n === 0) return [...ids]
  const session = await link.session(signal)
  const argument = { quantizer: model.record, projected: photos.projected, n }
  const coded = await session.call('encodeProjected', argument, signal)
  const isAveraged = !averages(model.record)
  const added = catalogue.transaction(() =>
    catalogue.vectors.putCoded(other, model.id, photos, coded, isAveraged)
  )
  reader.changed(added, model.id)
  const done = new Set(photos.ids)
  return ids.filter((id) => !done.has(id))
}

async function encodeFromFeatures(
  context: Context,
  model: UsedModel,
  ids: readonly number[],
  signal: AbortSignal
): Promise<void> {
  const { catalogue, link } = context
  const present: { id: number; feature: Uint16Array }[] = []
  for (const id of ids) {
    const feature = catalogue.vectors.indexedFeature(id, model.record.backbone)
    if (feature) present.push({ id, feature })
  }
  const session = await link.session(signal)
  const features = joinedHalves(present.map((photo) => photo.feature))
  keep(context, model, present, await session.encode(model, features, present.length, signal))
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
