// A library as it may be looked at: kin, paths, figures. Runs where the reader does. What is not
// stored is described by whoever is given for it; nothing is ever written.
import { resolve } from 'node:path'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { missingModel } from '../catalogue/model-table.ts'
import type { Scored } from '../../model/retrieval.ts'
import type { FoundKin, LibraryView } from './api.ts'
import { kinOf } from './answering/kin-question.ts'
import { allVectors, failedPhotos, statusOf } from './answering/overview.ts'
import { filterOf, photoAt } from './answering/at-path.ts'
import type { Reader } from './answering/reader.ts'
import type { Describer } from './describer.ts'
import { pathOf } from './photo-paths.ts'

/** The view of what a reader reads, until the signal aborts. */
export function viewOf(
  reader: Reader,
  describer: Describer,
  signal: AbortSignal
): Omit<LibraryView, 'models' | 'attachCompute' | 'close'> {
  const { catalogue, search } = reader
  return {
    status: () => statusOf(catalogue, search),
    failed: () => failedPhotos(catalogue),
    async similar(question) {
      return found(catalogue, await kinOf({ ...reader, describer }, question, signal))
    },
    filterOf: (path) => filterOf(catalogue, path),
    idOf: (path) => photoAt(catalogue, resolve(path)),
    async vectors(id) {
      if (id === undefined) return allVectors(catalogue, search.backbone(), search.serving())
      if (!catalogue.models.get(id)) throw missingModel(id)
      const model = { id, record: catalogue.models.record(id) }
      return allVectors(catalogue, model.record.backbone, model, describer, signal)
    }
  }
}

function found(catalogue: Catalogue, { ids, scores }: Scored): FoundKin[] {
  const kin: FoundKin[] = []
  ids.forEach((id, place) => {
    const row = catalogue.photos.place(id)
    if (!row) return
    const companions = catalogue.companions.of(id)
    kin.push({ id, path: pathOf(row), score: scores[place] ?? 0, companions })
  })
  return kin
}
