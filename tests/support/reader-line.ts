// A reader in the thread of the test, for what writes. Test code only.
import type { Catalogue } from '../../main/catalogue/catalogue.ts'
import { kinOfEach } from '../../main/engine/answering/kin-of-each.ts'
import { createSearch } from '../../main/engine/answering/search.ts'
import { createReaderLine } from '../../main/engine/lines/reader-line.ts'
import type { ReaderLine } from '../../main/engine/lines/reader-line.ts'

/** The line to a search that starts without a model. */
export function readerOf(catalogue: Catalogue, backbone: string): ReaderLine {
  const search = createSearch(catalogue)
  search.useBackbone(backbone)
  return createReaderLine(
    catalogue,
    {
      useBackbone: (sha256) => search.useBackbone(sha256),
      load: async (id) => void (await search.load(id)),
      serve: async (id) => search.serve(id === undefined ? undefined : await search.load(id)),
      letGo: (id) => search.letGo(id),
      changed: (ids, model) => void search.changed(ids, model),
      kin: (ids, count) => kinOfEach(search, ids, count, new AbortController().signal)
    },
    { serving: undefined, backbone }
  )
}
