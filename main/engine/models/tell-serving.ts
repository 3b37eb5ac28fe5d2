// Which model and backbone compute works with: told when it starts and after each swap. A tuned
// backbone that is not there any more, or is not what its card says, is given up for the library's
// shipped one. Runs in the writer.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { isFault } from '../../wire/fault.ts'
import type { Session } from '../lines/compute-session.ts'
import type { Context } from '../context.ts'
import { ownBackbone } from './own-backbone.ts'

/** What had been written when no photo lacked a feature of the backbone, by catalogue. */
const complete = new WeakMap<Catalogue, string>()

/**
 * Tells compute the model that serves; without one, the library's own backbone describes photos,
 * which is remembered. Rejects with a Fault when compute can do neither.
 */
export async function tellServing(
  { catalogue, reader, onPending }: Context,
  session: Session
): Promise<void> {
  const serving = reader.serving()
  const own = ownBackbone(catalogue, session.backbone)
  if (catalogue.settings.backbone() !== own) catalogue.settings.setBackbone(own)
  try {
    await session.use(serving ?? null, own)
    if (!serving) reader.useBackbone(own)
  } catch (error) {
    if (!serving || serving.record.backbone === own || !isFault(error, 'bad-model')) throw error
    console.error(`kindred: model ${serving.id} is not used any more. ${error.message}`)
    catalogue.models.retire()
    await reader.serve(undefined)
    reader.useBackbone(own)
    await session.use(null, own)
    onPending() // a model is to be found or fitted
  }
  // Photos that another backbone alone has described: that one was replaced, or has gone. Looking
  // for them takes a second in a million, each time that compute comes back from a rest.
  const now = (): string => `${reader.backbone()} ${catalogue.changes()}`
  if (complete.get(catalogue) === now()) return
  if (catalogue.vectors.requeueUndescribed(reader.backbone()) > 0) onPending()
  complete.set(catalogue, now())
}
