// A library that a command only looks at: a reader alone, no writer, no lock. So it may be open
// elsewhere at the same time; what is committed there meanwhile may be seen or not. Compute, where
// there is one, is in this thread's hands.
import { existsSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { CATALOGUE_FILE, connectCatalogue, holdLibrary } from '../catalogue/catalogue.ts'
import { Fault, isFault } from '../wire/fault.ts'
import { rebuiltSentence } from '../wire/rebuilt.ts'
import { KEPT_PICTURES } from '../wire/thumbnail.ts'
import type { LibraryAnswers } from './api.ts'
import { createReader } from './answering/reader.ts'
import type { Search } from './answering/search.ts'
import { unansweredCalls } from './faults/disk.ts'
import { createComputeLink } from './lines/compute-link.ts'
import type { Session } from './lines/compute-session.ts'
import { describerOf } from './lines/describer.ts'
import { keptModels } from './models/kept-models.ts'
import { ownBackbone } from './models/own-backbone.ts'
import { answersOf } from './library-answers.ts'

/**
 * Opens a library to be looked at. Throws Fault not-found where there is none, and as
 * `connectCatalogue`.
 * @param onComputeWanted told when the first thing is asked for that is not stored: a compute is to
 *   be attached
 */
export async function lookInto(
  folder: string,
  onComputeWanted: () => void = () => undefined
): Promise<LibraryAnswers> {
  if (!existsSync(join(folder, CATALOGUE_FILE))) throw noLibrary(folder)
  const library = realpathSync(resolve(folder))
  const stop = new AbortController()
  const reader = await createReader(connected(library))
  const { catalogue, search } = reader
  const link = createComputeLink({
    tuned: join(library, 'backbones'),
    prepare: (session) => useServing(search, session, ownBackbone(catalogue, session.backbone)),
    onBegan: () => undefined,
    onState: () => undefined,
    beginsAtRest: true,
    onNeed: onComputeWanted
  })
  const thumbnails = join(library, KEPT_PICTURES.thumb.folder)
  const describer = describerOf(link, { catalogue, thumbnails })
  return {
    ...answersOf(reader, describer, stop.signal),
    models: () => Promise.resolve(keptModels(catalogue)),
    attachCompute: (port) => link.attach(port),
    async close() {
      if (stop.signal.aborted) return { unanswered: 0 }
      stop.abort()
      link.close()
      reader.close()
      return { unanswered: await unansweredCalls() }
    }
  }
}

/** One of an older Kindred, or damaged, is brought in order first, if nobody has it open. */
function connected(library: string): ReturnType<typeof connectCatalogue> {
  try {
    return connectCatalogue(library, 'read')
  } catch (error) {
    if (!isFault(error, 'version-mismatch', 'library-damaged')) throw error
    const { rebuilt, release } = holdLibrary(library)
    release()
    if (rebuilt) console.error(`kindred: ${rebuiltSentence(rebuilt)}`)
    return connectCatalogue(library, 'read')
  }
}

/** Compute works with the model that serves; where its backbone is not there, with none. */
async function useServing(
  search: Search,
  session: Session,
  own: string
): Promise<void> {
  const serving = search.serving()
  try {
    await session.use(serving ?? null, own)
  } catch (error) {
    if (!serving || !isFault(error, 'bad-model')) throw error
    console.error(`kindred: model ${serving.id} cannot be used now. ${error.message}`)
    search.serve(undefined)
    await session.use(null, own)
  }
  if (!search.serving()) search.useBackbone(own)
}

function noLibrary(folder: string): Fault {
  const [expected, received] = ['a library', 'none']
  return new Fault({ kind: 'not-found', about: 'library', subject: folder, expected, received })
}
