// What is changed of albums, for the page and the command line. Runs in the writer.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Handlers } from '../../wire/channel.ts'
import type { WriterContract } from '../../wire/writer-contract.ts'

type Answered = Pick<
  Handlers<WriterContract>,
  'keepAlbum' | 'renameAlbum' | 'removeAlbum' | 'putAlbumBack'
>

/** The methods that change albums. */
export function albumHandlers({ albums }: Pick<Catalogue, 'albums'>): Answered {
  return {
    keepAlbum: (album) => ({ id: albums.keep(album, Date.now()) }),
    renameAlbum({ id, name }) {
      albums.rename(id, name)
      return {}
    },
    removeAlbum({ id }) {
      albums.remove(id, Date.now())
      return {}
    },
    putAlbumBack({ id }) {
      albums.putBack(id)
      return {}
    }
  }
}
