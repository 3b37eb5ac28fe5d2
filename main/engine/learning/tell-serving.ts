// Which model and backbone compute works with: told when it starts and after each swap. A tuned
// backbone that is not there any more, or is not what its card says, is given up for the shipped
// one. Runs in the writer.
import { isFault } from '../../wire/fault.ts'
import type { Session } from '../compute-link.ts'
import type { Context } from '../context.ts'

/**
 * Tells compute the model that serves; without one, the shipped backbone describes photos. Rejects
 * with a Fault when compute can do neither.
 */
export async function tellServing(
  { catalogue, reader, onPending }: Context,
  session: Session
): Promise<void> {
  const serving = reader.serving()
  const shipped = session.backbone.sha256
  try {
    await session.use(serving ?? null)
    if (!serving) reader.useBackbone(shipped)
  } catch (error) {
    if (!serving || serving.record.backbone === shipped || !isFault(error, 'bad-model')) throw error
    console.error(`kindred: model ${serving.id} is not used any more. ${error.message}`)
    catalogue.models.retire()
    await reader.serve(undefined)
    reader.useBackbone(shipped)
    await session.use(null)
    onPending() // a model is to be found or fitted
  }
  // Photos that another backbone alone has described: that one was replaced, or has gone.
  if (catalogue.vectors.requeueUndescribed(reader.backbone()) > 0) onPending()
}
