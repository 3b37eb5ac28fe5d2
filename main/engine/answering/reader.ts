// What answers: the index, the order, filters and figures over a connection that only reads. Runs
// in the reader's thread, beside the writer or, for a library that is only looked at, alone. It
// imports nothing of folders, indexing or learning, and waits for none of them.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { StepAside } from '../../wire/step-aside.ts'
import { storedServing } from '../models/stored-serving.ts'
import { createFilters } from './filters.ts'
import type { Filters } from './filters.ts'
import { createLayouts } from './layout.ts'
import type { Layouts } from './layout.ts'
import { createPictures } from './looked-pictures.ts'
import type { Pictures } from './looked-pictures.ts'
import { createRevision } from './revision.ts'
import type { Revision } from './revision.ts'
import { createSearch } from './search.ts'
import type { Search } from './search.ts'

export interface Reader {
  catalogue: Catalogue
  search: Search
  filters: Filters
  layouts: Layouts
  pictures: Pictures
  revision: Revision
  /** When the page is told of what changed. */
  aside: StepAside
  /** Closes the catalogue. */
  close(): void
}

/**
 * Reads what is needed to answer, the codes of the model that serves among it.
 * @param onRevision told at most twice a second that what is shown has changed
 */
export async function createReader(
  catalogue: Catalogue,
  onRevision: (revision: number) => void = () => undefined
): Promise<Reader> {
  const search = createSearch(catalogue)
  const { model, damage, backbone } = storedServing(catalogue)
  if (damage !== undefined) console.error(`kindred: ${damage} It is not used.`)
  search.useBackbone(backbone)
  if (model) search.serve(await search.load(model.id))
  const aside = new StepAside()
  const revision = createRevision(onRevision, aside)
  const filters = createFilters(catalogue, (filter) => revision.of(filter))
  const layouts = createLayouts(catalogue, filters, (filter) => revision.of(filter))
  return {
    catalogue,
    search,
    filters,
    layouts,
    pictures: createPictures(),
    revision,
    aside,
    close() {
      revision.close()
      catalogue.close()
    }
  }
}
