// Albums: questions that a person keeps under a name, and asks anew. Runs in the page; the engine
// remembers them, photos by what their files hold.
import { isFault } from '../../main/wire/fault.ts'
import type { AlbumInfo, KeptPart } from '../../main/wire/methods/album-methods.ts'
import type { Filter } from '../../main/wire/filter.ts'
import type { EngineLink } from './engine-link.svelte.ts'
import type { Filtering } from './filtering.svelte.ts'
import { bytesOf } from './looked-at.ts'
import { cropOf, partOf } from './question.ts'
import type { Part, Question } from './question.ts'
import type { Viewer } from './viewer.svelte.ts'

/** Short side of a picture from outside as an album keeps it, pixels: enough for parts of it. */
const SIDE = 1080

/** The question of an album as it can be asked now. */
export interface AskedAlbum {
  id: number
  name: string
  /** Of what is there; none for an album that is a filter alone. */
  question: Question
  filter: Filter
  /** Files that it was kept with, whose content is in the library no more. */
  missing: readonly string[]
}

type Shown = Pick<AskedAlbum, 'id' | 'name' | 'question' | 'filter'>

/** Keeps, names, removes and opens albums. */
export class Albums {
  #link: EngineLink
  #viewer: Pick<Viewer, 'question' | 'isOpen' | 'kin'>
  #filtering: Pick<Filtering, 'filter' | 'isActive'>
  #list = $state.raw<readonly AlbumInfo[] | undefined>()
  #removed = $state.raw<readonly AlbumInfo[]>([])
  #shown = $state.raw<Shown | undefined>()

  constructor(
    link: EngineLink,
    viewer: Pick<Viewer, 'question' | 'isOpen' | 'kin'>,
    filtering: Pick<Filtering, 'filter' | 'isActive'>
  ) {
    this.#link = link
    this.#viewer = viewer
    this.#filtering = filtering
  }

  /** In order of their names; undefined until they were read. */
  get list(): readonly AlbumInfo[] | undefined {
    return this.#list
  }

  /** Something is asked for, by pictures that are known or by a filter. */
  get canKeep(): boolean {
    const { isOpen, kin } = this.#viewer
    if (isOpen) return kin.status === 'ready' || kin.status === 'loading'
    return this.#filtering.isActive
  }

  /** The album whose question is shown, unless it was changed; nothing for others. */
  get shown(): string | undefined {
    const shown = this.#shown
    const isShown =
      shown?.question === this.#viewer.question && shown.filter === this.#filtering.filter
    return isShown ? shown.name : undefined
  }

  /** One was removed since the window was opened, and nothing else was done since. */
  get canTakeBack(): boolean {
    return this.#removed.length > 0
  }

  /** Reads the list. Rejects with a Fault. */
  async read(): Promise<void> {
    this.#list = (await this.#link.call('albums', {})).albums
  }

  /** Keeps what is asked for now. Rejects with a Fault. */
  async keep(name: string): Promise<void> {
    const { question } = this.#viewer
    const { filter } = this.#filtering
    const parts = await Promise.all(question.map((part) => this.#keptPart(part)))
    const { id } = await this.#link.call('keepAlbum', { name, filter, parts })
    this.#shown = { id, name: name.trim(), question, filter }
    await this.read()
  }

  /** Rejects with a Fault. */
  async rename(id: number, name: string): Promise<void> {
    await this.#link.call('renameAlbum', { id, name })
    if (this.#shown?.id === id) this.#shown = { ...this.#shown, name: name.trim() }
    await this.read()
  }

  /** Removes an album; its photos stay. Rejects with a Fault. */
  async remove(album: AlbumInfo): Promise<void> {
    await this.#link.call('removeAlbum', { id: album.id })
    this.#removed = [...this.#removed, album]
    if (this.#shown?.id === album.id) this.#shown = undefined
    await this.read()
  }

  /**
   * Puts the album back that was removed last; its name. Rejects with a Fault; one that cannot be
   * put back any more is not tried again, or nothing before it could be taken back.
   */
  async takeBackLast(): Promise<string | undefined> {
    const last = this.#removed.at(-1)
    if (!last) return undefined
    this.#removed = this.#removed.slice(0, -1) // at once: who asks again means the one before
    try {
      await this.#link.call('putAlbumBack', { id: last.id })
    } catch (error) {
      if (!isFault(error, 'not-found')) this.#removed = [...this.#removed, last]
      throw error
    }
    await this.read()
    return last.name
  }

  /** Something else was done, which is to be taken back first. */
  forget(): void {
    this.#removed = []
  }

  /** What an album asks now. Rejects with a Fault. */
  async ask(id: number): Promise<AskedAlbum> {
    const { name, filter, parts } = await this.#link.call('album', { id })
    const missing: string[] = []
    const question = parts.flatMap(({ of, weight }): Part[] => {
      if (of.kind === 'picture') {
        const file = new Blob([new Uint8Array(of.bytes)], { type: 'image/jpeg' })
        return [{ source: { kind: 'file', file, name: of.name, crop: of.crop }, weight }]
      }
      if (of.id !== null)
        return [{ source: partOf({ kind: 'photo', id: of.id }, of.crop), weight }]
      missing.push(of.name)
      return []
    })
    return { id, name, question, filter, missing }
  }

  /** Its question is shown now. */
  show({ id, name, question, filter }: AskedAlbum): void {
    this.#shown = { id, name, question, filter }
  }

  async #keptPart({ source, weight }: Part): Promise<KeptPart> {
    const crop = cropOf(source)
    if (source.kind !== 'file') return { of: { kind: 'photo', id: source.id, crop }, weight }
    const whole = await bytesOf(source.file, source.name)
    const { bytes } = await this.#link.call('draw', { bytes: whole, side: SIDE })
    return { of: { kind: 'picture', name: source.name, bytes, crop }, weight }
  }
}
