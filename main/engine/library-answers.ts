// A library as it may be looked at: kin, paths, figures. Runs where the reader does. What is not
// stored is described by whoever is given for it; nothing is ever written.
import { resolve } from 'node:path'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { missingModel } from '../catalogue/model-table.ts'
import type { FoundKin, LibraryAnswers } from './api.ts'
import { duplicatesOf } from './duplicates/duplicate-groups.ts'
import { albumAnswer } from './answering/album-answer.ts'
import { kinOf } from './answering/kin-question.ts'
import type { NearKin } from './answering/kin-question.ts'
import { librarySnapshot } from './answering/library-snapshot.ts'
import { allVectors, failedPhotos, statusOf } from './answering/overview.ts'
import { filterOf, photoAt, realFolder } from './answering/at-path.ts'
import type { Reader } from './answering/reader.ts'
import type { Describer } from './lines/describer.ts'
import { pathOf } from './photo-paths.ts'

/** The answers of a reader, until the signal aborts. */
export function answersOf(
  reader: Reader,
  describer: Describer,
  signal: AbortSignal
): Omit<LibraryAnswers, 'models' | 'attachCompute' | 'close'> {
  const { catalogue, search } = reader
  return {
    status: () => statusOf(catalogue, search),
    failed: () => failedPhotos(catalogue),
    async similar(question) {
      const { kin, copies, putAway } = await kinOf({ ...reader, describer }, question, signal)
      return {
        kin: found(catalogue, kin),
        copies: pathsOf(catalogue, copies),
        putAway: pathsOf(catalogue, putAway)
      }
    },
    async duplicates({ within, preferred = [] }) {
      const real = (path: string): Promise<string> => realFolder(catalogue, path)
      const { groups, ...left } = duplicatesOf(catalogue, search, {
        within: within === undefined ? undefined : await real(within),
        preferred: await Promise.all(preferred.map(real))
      })
      return { groups, ...left, waiting: catalogue.fingerprints.left() }
    },
    filterOf: (path) => filterOf(catalogue, path),
    snapshot: () => librarySnapshot(catalogue, signal),
    albums: () => catalogue.albums.all(),
    removedAlbums: (name) => catalogue.albums.removed(name),
    async openAlbum(id, top) {
      const parts = { ...reader, describer }
      const { name, missing, kin, photos } = await albumAnswer(parts, id, top, signal)
      return { name, missing, kin: found(catalogue, kin), photos: pathsOf(catalogue, photos) }
    },
    putAway: (id) => pathsOf(catalogue, catalogue.notKin.of([id])),
    idOf: (path) => photoAt(catalogue, resolve(path)),
    async vectors(id) {
      if (id === undefined) return allVectors(catalogue, search.backbone(), search.serving())
      if (!catalogue.models.get(id)) throw missingModel(id)
      const model = { id, record: catalogue.models.record(id) }
      return allVectors(catalogue, model.record.backbone, model, describer, signal)
    }
  }
}

function found(catalogue: Catalogue, kin: readonly NearKin[]): FoundKin[] {
  return kin.flatMap(({ id, score, likeness, nearness, copies, alike, shots }): FoundKin[] => {
    const [path, ...others] = pathsOf(catalogue, [id])
    if (path === undefined) return [] // it left in this moment
    const companions = catalogue.companions.of(id)
    const besides = {
      copies: [...others, ...pathsOf(catalogue, copies)],
      alike: pathsOf(catalogue, alike),
      shots: pathsOf(catalogue, shots)
    }
    return [{ id, path, score, likeness, nearness, companions, ...besides }]
  })
}

function pathsOf(catalogue: Catalogue, ids: readonly number[]): string[] {
  return ids.flatMap((id) => {
    const place = catalogue.photos.place(id)
    const others = catalogue.otherPaths.ofPhoto(id).map(pathOf)
    return place ? [pathOf(place), ...others] : []
  })
}
