// Moving and copying photos as app asks for it: in the line in which folders are looked through, so
// that no scan sees the half of it; then the reader and the page are told. Runs in the writer.
import { dirname } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Handlers } from '../../wire/channel.ts'
import type { WriterContract } from '../../wire/writer-contract.ts'
import type { Tell } from '../context.ts'
import { onceAnswered } from '../faults/disk.ts'
import type { Scanner } from '../folders/scanner.ts'
import type { ReaderLine } from '../lines/reader-line.ts'
import { pathOf } from '../photo-paths.ts'
import { followFiles, putBack, transferPhoto } from './move-photos.ts'
import type { Followed } from './move-photos.ts'

interface MovingParts {
  catalogue: Catalogue
  library: string // its folder
  reader: ReaderLine
  scanner: Scanner
  tell: Tell
}

type Moving = Pick<Handlers<WriterContract>, 'transfer' | 'putBack' | 'follow'>

/** The methods that move files, or follow them. */
export function movingHandlers(parts: MovingParts): Moving {
  const { catalogue, library, reader, scanner, tell } = parts

  /** Makes known what changed. */
  function told<F extends Followed>(followed: F): F {
    if (followed.changed.length > 0) {
      reader.changed(followed.changed)
      tell('changed', { what: 'photos' })
    }
    for (const { folder, directory } of followed.places) scanner.hint(folder, directory, false)
    return followed
  }

  /** Not in the line: disks may have to start first, or give no answer. */
  async function answering(paths: readonly string[]): Promise<void> {
    for (const directory of new Set(paths)) await onceAnswered(directory)
  }

  return {
    async transfer(what, signal) {
      const place = catalogue.photos.place(what.id)
      await answering([what.directory, ...(place ? [dirname(pathOf(place))] : [])])
      const work = () => transferPhoto(catalogue, what, library, signal)
      const { files } = told(await scanner.exclusively(work))
      return { files }
    },
    async putBack({ id, files }) {
      await answering(files.flatMap(({ from, to }) => [dirname(to), dirname(from)]))
      told(await scanner.exclusively(() => putBack(catalogue, id, files)))
      return {}
    },
    async follow({ ids }) {
      told(await scanner.exclusively(() => followFiles(catalogue, ids, Date.now())))
      return {}
    }
  }
}
