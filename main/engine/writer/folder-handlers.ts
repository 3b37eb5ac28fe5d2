// What page, app and command line ask about folders: adding and removing them, and what of them is
// left out. In the line in which folders are looked through; then whoever shows them is told. Runs
// in the writer.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Handlers } from '../../wire/channel.ts'
import type { WriterContract } from '../../wire/writer-contract.ts'
import type { Tell } from '../context.ts'
import type { ReaderLine } from '../lines/reader-line.ts'
import { addFolder, locateFolder, realFolder } from '../folders/library-folders.ts'
import { removeFolder, takeBackFolder } from '../folders/library-folders.ts'
import { leaveOut, setLeastPixels } from '../folders/omissions.ts'
import type { Scanner } from '../folders/scanner.ts'
import type { Watching } from '../folders/watching.ts'

interface FolderParts {
  catalogue: Catalogue
  reader: ReaderLine
  scanner: Scanner
  watching: Watching | undefined
  tell: Tell
  /** A scan could not be done: it is, once work goes on. */
  onScanFault(error: unknown): void
}

type FolderMethods =
  | 'addFolder'
  | 'locateFolder'
  | 'removeFolder'
  | 'leaveOut'
  | 'takeBack'
  | 'setLeastPixels'

/** The methods that change folders. */
export function folderHandlers(
  parts: FolderParts
): Pick<Handlers<WriterContract>, FolderMethods> {
  const { catalogue, reader, scanner, tell, watching } = parts

  /** A folder came, or lies elsewhere now. */
  function lookThrough(folder: number): void {
    watching?.update()
    tell('changed', { what: 'photos' })
    scanner.scan([folder]).catch(parts.onScanFault)
  }

  /** Photos came or left. */
  function told(ids: readonly number[]): Record<string, never> {
    reader.changed(ids)
    tell('changed', { what: 'photos' })
    return {}
  }

  return {
    async addFolder({ path }) {
      const real = await realFolder(path) // not in the line: its disk may have to start first
      const { cameBack = [], ...added } = await scanner.exclusively(() =>
        addFolder(catalogue, real)
      )
      reader.changed(cameBack)
      watching?.renew([added.id])
      lookThrough(added.id)
      return added
    },
    async locateFolder({ id, path }) {
      const real = await realFolder(path)
      await scanner.exclusively(() => locateFolder(catalogue, id, real))
      lookThrough(id)
      return {}
    },
    async removeFolder({ id }) {
      const ids = await scanner.exclusively(() => removeFolder(catalogue, id, Date.now()))
      watching?.update()
      return told(ids)
    },
    async leaveOut({ folder, directory }) {
      const ids = await scanner.exclusively(() =>
        leaveOut(catalogue, folder, directory, Date.now())
      )
      watching?.renew([folder])
      return told(ids)
    },
    async takeBack({ folder, directory }) {
      const ids = await scanner.exclusively(() => takeBackFolder(catalogue, folder, directory))
      watching?.renew([folder])
      scanner.hint(folder, directory, true)
      return told(ids)
    },
    async setLeastPixels({ folder, pixels }) {
      return told(
        await scanner.exclusively(() => setLeastPixels(catalogue, folder, pixels, Date.now()))
      )
    }
  }
}
