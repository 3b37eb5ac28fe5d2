// Keeps what compute made of photos: one transaction a batch, then the reader is told. Runs in the
// writer. What becomes of a photo that was refused is decided in decision.ts; one that waits keeps
// its vectors.
import type { Twin } from '../../catalogue/vector-table.ts'
import type { Task, WhatItBecame } from '../../catalogue/work-table.ts'
import type { Described, Refused } from '../../wire/compute-contract.ts'
import type { Encoded } from '../../wire/records.ts'
import type { FaultRecord } from '../../wire/fault.ts'
import { JUDGEMENT } from '../../wire/judgement.ts'
import { earliest } from '../../wire/photo-date.ts'
import type { Processed, Session } from '../lines/compute-session.ts'
import type { Context, Kept } from '../context.ts'
import { LOOKS, decide, mayBeOfFolder } from '../faults/decision.ts'
import type { Decision } from '../faults/decision.ts'
import { decideEdits } from '../folders/edits.ts'
import { aheadInName, nameDate } from '../folders/name-date.ts'
import { joined, joinedHalves, rowOf } from '../joined.ts'
import { averages, isNearlyBlank } from '../../../model/retrieval.ts'
import type { Streaks } from './streaks.ts'

/**
 * Writes the outcomes of a batch. A result for a file that changed or left meanwhile is dropped.
 * @returns the fault that keeps all photos from being indexed, if there is one
 */
export async function keepOutcomes(
  context: Context,
  session: Session,
  tasks: readonly Task[],
  processed: Processed,
  streaks: Streaks
): Promise<FaultRecord | undefined> {
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
  // Another backbone describes since they were sent: they are sent again.
  if (processed.backbone !== reader.backbone()) return undefined
  const kept: Kept = { indexed: 0, failed: 0 }
  const changed: number[] = []
  const moved: Task[] = []
  let stop: FaultRecord | undefined
  catalogue.transaction(() => {
    described.forEach(({ task, outcome }, index) => {
      goOn(context, task, streaks)
      const known = catalogue.photos.place(task.id)
      // Decoders may make another picture of the same content than they made before.
      const isSame = known?.hash === outcome.hash && known.judgement === JUDGEMENT
      if (!catalogue.work.describe(task, dated(task, outcome))) return
      kept.indexed++
      const { hash, fingerprint } = outcome
      catalogue.fingerprints.put(hash, fingerprint, isNearlyBlank(fingerprint))
      if (isSame) catalogue.vectors.addFeature(task.id, processed.backbone, outcome.feature)
      else catalogue.vectors.putFeature(task.id, processed.backbone, outcome.feature)
      changed.push(task.id)
      if (!encoded) return
      const encoding = rowOf(encoded.values, index, described.length)
      catalogue.vectors.putEncoding(task.id, encoded.model, encoding, !encoded.averages)
    })
    catalogue.omitted.omitSmallOf(changed, Date.now())
    for (const { task, outcome } of refused) {
      const { fault } = outcome
      const decision = refuse(context, task, fault, streaks)
      if (decision?.course === 'stop') stop ??= { ...fault, about: decision.about }
      if (decision?.course === 'fail') {
        kept.failed++
        changed.push(task.id)
        if (catalogue.companions.any(task.id)) moved.push(task) // one of them is the photo now
      }
      const isMissing = fault.kind === 'not-found' && decision?.about === 'photo'
      if (isMissing && task.attempts < LOOKS) moved.push(task)
    }
  })
  reader.changed([...changed, ...decideEdits(catalogue, Date.now())])
  for (const { task, outcome } of described)
    if (outcome.fileSize !== task.size) context.onMoved(task) // it grew while it was read
  for (const task of moved) context.onMoved(task)
  context.onKept(kept)
  return stop
}

/** The photo was read: what waits for the same as it did is tried, too. */
function goOn({ catalogue: { waits } }: Context, task: Task, streaks: Streaks): void {
  streaks.worked(task.folder)
  if (waits.ofFolder(task.folder)) waits.folderGoesOn(task.folder)
  if (task.waitedFor) waits.release(task.folder, task.waitedFor)
}

/** Writes a refusal; what was decided, undefined where the file left or changed meanwhile. */
function refuse(
  context: Context,
  task: Task,
  fault: FaultRecord,
  streaks: Streaks
): Decision | undefined {
  const { catalogue, spacing } = context
  catalogue.work.clear(task.id)
  const inARow = streaks.failed(task.folder, fault)
  const decision = decide(fault, { attempts: task.attempts + 1, inARow }, spacing)
  if (decision.course === 'stop') return decision
  if (decision.course === 'fail') {
    goOn(context, task, streaks) // its bytes were read: the disk is well
    if (!catalogue.work.fail(task, fault)) return undefined
    catalogue.vectors.drop(task.id)
    return decision
  }
  const now = Date.now()
  if (!catalogue.waits.photo(task, fault, now + decision.after)) return undefined
  holdFolder(context, task.folder, { ...fault, about: decision.about }, now)
  return decision
}

/** None of the folder's photos is tried for a while, where the fault is the folder's. */
function holdFolder(
  { catalogue: { folders, waits }, spacing }: Context,
  folder: number,
  fault: FaultRecord,
  now: number
): void {
  const held = waits.ofFolder(folder)
  // While it is held photos come back that were sent before; when its time came one was tried.
  const isDue = held ? held.retryAt <= now : fault.about === 'folder'
  if (!isDue) return
  // The photo that was tried has a fault of its own: the disk answers, and the others are tried.
  if (!mayBeOfFolder(fault)) return waits.folderGoesOn(folder)
  const ofFolder = { ...fault, about: 'folder' as const, subject: folders.get(folder)?.name ?? '' }
  const { after } = decide(ofFolder, { attempts: (held?.attempts ?? 0) + 1 }, spacing)
  waits.folder(folder, ofFolder, now + after)
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
): Promise<{ model: number; averages: boolean; values: Encoded } | undefined> {
  for (;;) {
    const model = reader.serving()
    if (!model || photos.length === 0) return undefined
    if (encodedWith === model.id) {
      const values = alongWith(photos)
      if (values) return { model: model.id, averages: averages(model.record), values }
    }
    const features = joinedHalves(photos.map((photo) => photo.feature))
    const values = await session.encode(model, features, photos.length)
    if (reader.serving() !== model) continue
    return { model: model.id, averages: averages(model.record), values }
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

/** A date that metadata lacks is the name's. */
function dated<T extends Pick<Described, 'capturedAt' | 'dateSource' | 'ahead'>>(
  { name }: Pick<Task, 'name'>,
  what: T
): T {
  if (what.capturedAt !== null) return what
  const ahead = earliest(what.ahead, aheadInName(name))
  return { ...what, capturedAt: nameDate(name), dateSource: 'name', ahead }
}

/** The date of a twin, as far as it lies in the content; else the file is still to be read. */
function datedAs(task: Task, { capturedAt, capturedFrom, ...twin }: Twin): WhatItBecame {
  const isInContent = capturedFrom === 'exif' || capturedFrom === 'xmp'
  const date = { capturedAt: isInContent ? capturedAt : null, dateSource: capturedFrom }
  const isDated = twin.dated === 1 && twin.sidecar === null && task.sidecar === null
  return dated(task, { ...twin, ...date, isDated })
}

/** Gives a photo the vectors of one with the same content; nothing is decoded. */
export function keepTwin(context: Context, task: Task, twin: Twin, streaks: Streaks): void {
  const { catalogue, reader, onKept } = context
  const done = catalogue.transaction(() => {
    goOn(context, task, streaks)
    const facts = catalogue.facts.of(twin.id) // the photo's own where only its times changed
    if (!catalogue.work.describe(task, { ...datedAs(task, twin), facts })) return false
    catalogue.vectors.copy(twin.id, task.id)
    catalogue.omitted.omitSmallOf([task.id], Date.now())
    return true
  })
  if (!done) return
  reader.changed([task.id, ...decideEdits(catalogue, Date.now())])
  onKept({ indexed: 1, failed: 0 })
}
