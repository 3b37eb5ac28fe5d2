// Pictures that the engine has looked at so that kin can be asked of them: files from outside, and
// parts of photos. Runs in the page. The engine keeps only the last few, and none after it was
// started again; the page keeps what it takes to have them looked at again.
import type { QueryPart } from '../../main/wire/query-contract.ts'
import { LARGEST_PICTURE } from '../../main/wire/engine-contract.ts'
import { Fault } from '../../main/wire/fault.ts'
import type { EngineLink } from './engine-link.svelte.ts'
import type { Question, Source } from './question.ts'
import { fileSize } from './words.ts'

/** Turns questions into what the engine takes. */
export class Looks {
  #link: EngineLink
  /** The engine that the pictures were shown to. */
  #engine = 0
  #pictures = new WeakMap<Source, number>()

  constructor(link: EngineLink) {
    this.#link = link
  }

  /** The parts of a question; shows the engine those pictures that it was not shown yet. */
  async parts(question: Question, signal: AbortSignal): Promise<QueryPart[]> {
    if (this.#engine !== this.#link.engines) this.forget()
    return Promise.all(
      question.map(async ({ source, weight }) => ({
        of:
          source.kind === 'photo'
            ? { kind: 'photo' as const, id: source.id }
            : { kind: 'picture' as const, picture: await this.#pictureOf(source, signal) },
        weight
      }))
    )
  }

  /** The engine keeps none of the pictures any more. */
  forget(): void {
    this.#engine = this.#link.engines
    this.#pictures = new WeakMap()
  }

  async #pictureOf(source: Exclude<Source, { kind: 'photo' }>, signal: AbortSignal): Promise<number> {
    const known = this.#pictures.get(source)
    if (known !== undefined) return known
    const { picture } =
      source.kind === 'region'
        ? await this.#link.call('lookAt', { id: source.id, crop: source.crop }, signal)
        : await this.#link.call(
            'look',
            { bytes: await bytesOf(source.file, source.name), crop: source.crop },
            signal
          )
    this.#pictures.set(source, picture)
    return picture
  }
}

/** The bytes of a file. Rejects with a Fault. */
export async function bytesOf(file: Blob, name: string): Promise<Uint8Array> {
  if (file.size > LARGEST_PICTURE)
    throw new Fault({
      kind: 'too-large',
      subject: name,
      expected: `at most ${fileSize(LARGEST_PICTURE)}`,
      received: fileSize(file.size)
    })
  try {
    return new Uint8Array(await file.arrayBuffer())
  } catch (error) {
    // A browser's own error: the file was moved, or may not be read.
    throw new Fault({
      kind: 'unreadable',
      subject: name,
      expected: 'a file that can be read',
      received: error instanceof Error ? error.message : String(error)
    })
  }
}
