// Keeps what compute made of photos: one transaction a batch, then the reader is told. Runs in the
// writer. Faults of a photo are written into its row; faults that may pass leave it pending.
import type { Twin } from '../../catalogue/vector-table.ts'
import type { Task } from '../../catalogue/work-table.ts'
import type { Described, Encoded, Refused } from '../../wire/compute-contract.ts'
import { Fault } from '../../wire/fault.ts'
import type { FaultKind } from '../../wire/fault.ts'
import type { Processed, Session } from '../compute-link.ts'
import type { Context, Kept } from '../context.ts'
import { joined, joinedHalves, rowOf } from '../joined.ts'

/** Photos that stay pending: not to be sent again before a scan, or before the rest is done. */
export interface PutBack {
  missing: number[]
  later: number[]
  /** Why photos wait until later. */
  reason?: Fault
}

/** So often a photo that cannot be read, or found, is tried before it counts as failed. */
const ATTEMPTS = 3

/** Not the photo's fault: it is tried again without being counted. */
export const PASSING: ReadonlySet<FaultKind> = new Set([
  'cancelled',
  'process-lost',
  'device',
  'bad-model',
  'version-mismatch'
])

/**
 * Writes the outcomes of a batch. A result for a file that changed or left meanwhile is dropped.
 */
export async function keepOutcomes(
  context: Context,
  session: Session,
  tasks: readonly Task[],
  processed: Processed
): Promise<PutBack> {
  const byId = new Map(tasks.map((task) => [task.id, task]))
  const described: { task: Task; outcome: Described }[] = []
  const refused: { task: Task; outcome: Refused }[] = []
  for (const outcome of processed.outcomes) {
    const task = byId.get(outcome.id)
    if (!task) continue
    if (outcome.outcome === 'described') described.push({ task, outcome })
    else refused.push({ task, outcome })
  }
  const encoded = await encodingsOf(
    context,
    session,
    described.map(({ outcome }) => outcome),
    processed.model
  )
  const { catalogue, reader } = context
  const putBack: PutBack = { missing: [], later: [] }
  // Another backbone describes since they were sent: they are sent again.
  if (processed.backbone !== reader.backbone()) return putBack
  const kept: Kept = { indexed: 0, failed: 0 }
  const changed: number[] = []
  catalogue.transaction(() => {
    described.forEach(({ task, outcome }, index) => {
      const isSame = catalogue.photos.place(task.id)?.hash === outcome.hash
      if (!catalogue.work.describe(task, outcome)) return
      kept.indexed++
      if (isSame) catalogue.vectors.addFeature(task.id, processed.backbone, outcome.feature)
      else catalogue.vectors.putFeature(task.id, processed.backbone, outcome.feature)
      changed.push(task.id)
      if (!encoded) return
      const encoding = rowOf(encoded.values, index, described.length)
      catalogue.vectors.putEncoding(task.id, encoded.model, encoding)
    })
    for (const { task, outcome } of refused) {
      const fault = new Fault(outcome.fault)
      const left = refuse(context, task, fault)
      if (left === 'failed') {
        kept.failed++
        changed.push(task.id)
      } else if (left) putBack[left].push(task.id)
      if (left === 'later') putBack.reason = fault
    }
  })
  reader.changed(changed)
  for (const { task, outcome } of described)
    if (outcome.fileSize !== task.size) context.onMoved(task) // it grew while it was read
  for (const id of putBack.missing) context.onMoved(byId.get(id)!)
  context.onKept(kept)
  return putBack
}

/** Writes a refusal; 'failed', or where the photo goes that stays pending; undefined if it left. */
function refuse(
  { catalogue }: Context,
  task: Task,
  { kind, message }: Fault
): 'failed' | 'missing' | 'later' | undefined {
  catalogue.work.clear(task.id)
  if (PASSING.has(kind)) return 'later'
  if (kind === 'not-found' && catalogue.work.attempt(task.id) < ATTEMPTS) return 'missing'
  if (kind === 'unreadable' && catalogue.work.attempt(task.id) < ATTEMPTS) return 'later'
  if (!catalogue.work.fail(task, kind, message)) return undefined
  catalogue.vectors.drop(task.id)
  return 'failed'
}

/**
 * Encodings of the serving model, in the order of the photos: those that came along, or made now
 * when the model changed on the way. Undefined while no model serves.
 */
async function encodingsOf(
  { reader }: Context,
  session: Session,
  photos: readonly Described[],
  encodedWith: number | null | undefined
): Promise<{ model: number; values: Encoded } | undefined> {
  for (;;) {
    const model = reader.serving()
    if (!model || photos.length === 0) return undefined
    if (encodedWith === model.id) {
      const values = alongWith(photos)
      if (values) return { model: model.id, values }
    }
    const features = joinedHalves(photos.map((photo) => photo.feature))
    const values = await session.encode(model, features, photos.length)
    if (reader.serving() === model) return { model: model.id, values }
  }
}

function alongWith(photos: readonly Described[]): Encoded | undefined {
  const projected: Uint16Array[] = []
  const descriptors: Uint16Array[] = []
  const codes: Uint8Array[] = []
  for (const photo of photos) {
    if (!photo.projected || !photo.descriptor || !photo.code) return undefined
    projected.push(photo.projected)
    descriptors.push(photo.descriptor)
    codes.push(photo.code)
  }
  return {
    projected: joinedHalves(projected),
    descriptors: joinedHalves(descriptors),
    codes: joined(codes)
  }
}

/** Gives a photo the vectors of one with the same content; nothing is decoded. */
export function keepTwin(
  { catalogue, reader, onKept }: Context,
  task: Task,
  twin: Twin
): void {
  const done = catalogue.transaction(() => {
    if (!catalogue.work.describe(task, twin)) return false
    catalogue.vectors.copy(twin.id, task.id)
    return true
  })
  if (!done) return
  reader.changed([task.id])
  onKept({ indexed: 1, failed: 0 })
}
