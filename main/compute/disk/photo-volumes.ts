// The files of photos as compute asks for them: a few of each drive or share at once, and none is
// waited for without end; see [Note: slow volumes]. Compute's main thread, for the photo threads,
// which share the pool of this process.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { MOUNT_LIST, mountsBy } from '../../wire/disk/mount-list.ts'
import { Unanswered, type Patience } from '../../wire/disk/volume-calls.ts'
import { Volumes } from '../../wire/disk/asked-volumes.ts'
import { cancelled } from '../../wire/fault.ts'
import { photoSize } from '../files.ts'

/**
 * Each photo is asked for twice, and an answer is taken only where the main thread does not stand
 * still: with four at once the backbone gets two photos a run instead of five.
 */
const AT_ONCE = 16

/** The drives and shares that photos lie on, as compute asks them. */
export class PhotoVolumes {
  readonly #volumes = new Volumes(() => mountsBy(() => readFileSync(MOUNT_LIST, 'utf8')))

  constructor(patience?: Patience) {
    this.#volumes.atOnce = AT_ONCE
    if (patience) this.#volumes.patience = patience
  }

  /** No more is asked: calls that no disk answers. With any, only a signal ends the process. */
  close(): Promise<number> {
    this.#volumes.close()
    return this.#volumes.unanswered()
  }

  /** See `photoSize`. */
  size(path: string, isPatient = true): Promise<number> {
    return this.#volumes.of(path).reach(() => photoSize(path), { isPatient, file: path })
  }

  /**
   * Reads so many bytes of a file, in a way of the caller's. Throws as that, the Fault of a folder
   * that does not answer, `Unanswered`, unless `isPatient`, or `cancelled` when the signal aborts:
   * what was begun then is still out, since nobody can take it back from the disk.
   */
  read<T>(
    path: string,
    bytes: number,
    read: () => Promise<T>,
    signal: AbortSignal,
    isPatient = true
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const abort = (): void => reject(cancelled(basename(path)))
      const begin = async (): Promise<T> => {
        if (signal.aborted) throw cancelled(basename(path)) // while it waited for its turn
        return read()
      }
      signal.addEventListener('abort', abort, { once: true })
      this.#volumes
        .of(path)
        .reach(begin, { isPatient, bytes, file: path })
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', abort))
    })
  }

  /**
   * Work that someone waits for, and of which little is done at once: while the disk of its file is
   * late others come first. Throws as the work, or the Fault of a folder that does not answer.
   */
  async onceAnswered<T>(path: string, work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error
        await this.size(path)
      }
    }
  }
}
