// All state of the page in one place, made once and handed to the components through the context.
// Runs in the page.
import { getContext, setContext } from 'svelte'
import { prefersReducedMotion } from 'svelte/motion'
import type { FolderAnswer } from '../../main/wire/bridge-contract.ts'
import { Fault, isFault } from '../../main/wire/fault.ts'
import { listenToActs, listenToRest } from './acts.ts'
import { troubleOf } from './album-words.ts'
import { Albums } from './albums.svelte.ts'
import { rests } from './bridge.ts'
import { Compare } from './large/compare.svelte.ts'
import type { ReviewGroup } from './duplicate-marks.svelte.ts'
import { DuplicateReview } from './duplicate-review.svelte.ts'
import { EngineLink } from './engine-link.svelte.ts'
import { DrawnFiles } from './drawn-files.ts'
import { Filtering } from './filtering.svelte.ts'
import { FullScreen } from './large/full-screen.svelte.ts'
import { Grid } from './grid.svelte.ts'
import { FileWork } from './file-work.svelte.ts'
import { ShownPictures } from './large/shown-pictures.svelte.ts'
import { Learner } from './learner.svelte.ts'
import { Library } from './library.svelte.ts'
import { MapCamera } from './map/map-camera.svelte.ts'
import { Overlay } from './overlay.svelte.ts'
import { PhotoInfos } from './photo-infos.svelte.ts'
import { PhotoMap } from './map/photo-map.svelte.ts'
import { PutAway } from './put-away.svelte.ts'
import { PreferredPlaces } from './preferred-places.svelte.ts'
import { Preferences } from './preferences.svelte.ts'
import { MOST_PARTS, MOST_PICTURES, kinOfAll, subjectOf } from './question.ts'
import { Runtime } from './runtime.svelte.ts'
import { Selection } from './selection.svelte.ts'
import type { Target } from './target.ts'
import { TimeLine } from './map/time-line.svelte.ts'
import { Thumbnails } from './thumbnails.svelte.ts'
import { Viewer } from './viewer.svelte.ts'
import { explain } from './words.ts'
import { Zoom } from './large/zoom.svelte.ts'

export type Screen = 'photos' | 'map' | 'folders' | 'duplicates' | 'learning' | 'failures' | 'settings'

const NOTICE_STAYS = 8000 // ms

/** Everything the page knows, and what it can do. */
export class Kindred {
  readonly link = new EngineLink(window)
  readonly runtime = new Runtime(window)
  readonly library = new Library(this.link)
  readonly infos = new PhotoInfos(this.link)
  readonly thumbnails = new Thumbnails(this.link)
  readonly filtering = new Filtering(this.link)
  readonly preferences = new Preferences()
  readonly drawnFiles = new DrawnFiles(this.link)
  readonly large = new ShownPictures(this.infos)
  readonly viewer = new Viewer(
    this.link,
    this.library,
    this.infos,
    this.filtering,
    this.preferences
  )
  readonly putAway = new PutAway(this.link, this.viewer)
  readonly albums = new Albums(this.link, this.viewer, this.filtering)
  readonly zoom = new Zoom(() => {
    const photo = this.viewer.isOne ? this.infos.get(this.viewer.id ?? 0) : undefined
    if (!photo || photo.width === 0) return undefined
    return { photo, field: this.large.field, density: this.large.density }
  })
  readonly compare = new Compare(this.infos)
  readonly fullScreen = new FullScreen(window)
  /** A photo, or several that are compared, lie over the screen. */
  isCovered = $derived(this.viewer.isOpen || this.compare.isOpen)
  readonly learner = new Learner(this.link)
  readonly map = new PhotoMap(this.link, this.library)
  readonly timeLine = new TimeLine(this.link)
  readonly camera = new MapCamera(() => prefersReducedMotion.current)
  readonly review = new DuplicateReview(this.link)
  readonly places = new PreferredPlaces(this.link)
  readonly grid = new Grid()
  readonly selection = new Selection()
  readonly overlay = new Overlay()
  readonly files = new FileWork(window, {
    tell: (notice) => this.tell(notice),
    left: (target) => this.#left(target),
    did: () => {
      this.putAway.forget()
      this.albums.forget()
    },
    cameBack: ({ ids }) => this.compare.putBack(ids),
    picture: (id) => this.large.wholeAddress(id)
  })
  #screen = $state<Screen>('photos')
  /** The filter bar is open although nothing is filtered. */
  showsFilter = $state(false)
  #notice = $state('')
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    listenToActs(window, () => this.link.stepAside())
    listenToRest(window, () => void rests())
  }

  get screen(): Screen {
    return this.#screen
  }

  show(screen: Screen): void {
    this.#screen = screen
  }

  /** Shows a screen, whatever photo lies over it. */
  goTo(screen: Screen): void {
    this.compare.close()
    this.viewer.close()
    this.#screen = screen
  }

  /** Photos were moved or thrown away: none of them is shown or selected any more. */
  #left({ ids, where }: Target): void {
    if (where === 'grid') this.selection.clear()
    if (where === 'kin' || where === 'compare') this.viewer.refreshInPlace()
    this.selection.drop(ids)
    this.compare.remove(ids)
    if (this.viewer.id === undefined || !ids.includes(this.viewer.id)) return
    const next = this.viewer.neighbour(1) === undefined ? -1 : 1
    if (this.viewer.neighbour(next) === undefined) this.viewer.close()
    else this.viewer.step(next)
  }

  /** A sentence that is shown for a while. */
  get notice(): string {
    return this.#notice
  }

  tell(notice: string): void {
    this.#notice = notice
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => (this.#notice = ''), NOTICE_STAYS)
  }

  /** Adds or locates a folder by dialog or drop, and says why when it cannot be. */
  async addFolder(answer: Promise<FolderAnswer>): Promise<void> {
    const added = await answer
    if (added.outcome === 'added') {
      this.library.read()
      if (added.partOf !== undefined) this.tell(`It is part of “${added.partOf}” already.`)
    }
    if (added.outcome === 'refused') this.tell(explain(new Fault(added.fault)))
  }

  /** Asks for kin that are like (1) or unlike (-1) this photo too. */
  addToQuestion(id: number, weight: 1 | -1): void {
    if (!this.viewer.add({ kind: 'photo', id }, weight))
      this.tell(`More than ${MOST_PARTS} photos cannot be asked for at once.`)
  }

  /** One of the kin is not like the photo that is asked with: it leaves, and is remembered. */
  async putKinAway(id: number): Promise<void> {
    await this.try(this.putAway.put(id))
    this.albums.forget()
    if (this.putAway.canTakeBack) this.tell('Put away from this photo. Ctrl Z takes it back.')
  }

  /** Asks the question of an album anew; says what is missing of it. */
  async openAlbum(id: number): Promise<void> {
    try {
      const album = await this.albums.ask(id)
      const { question, filter, missing } = album
      const trouble = troubleOf(album, this.library.info?.folders ?? [])
      if (trouble !== undefined) this.tell(trouble)
      if (question.length + missing.length === 0) {
        this.goTo('photos')
        this.filtering.restore(filter)
      } else if (subjectOf(question)) {
        this.compare.close()
        this.viewer.askWithin(question, filter)
      } else return
      this.albums.show({ ...album, question: this.viewer.question })
    } catch (error) {
      this.tellFault(error)
    }
  }

  /** Puts the album back that was removed last, and says so. */
  async putAlbumBack(): Promise<void> {
    await this.try(
      this.albums.takeBackLast().then((name) => name && this.tell(`The album “${name}” is back.`))
    )
  }

  /** Asks for the kin of pictures from outside. */
  askForFiles(files: readonly File[]): void {
    if (this.library.info === undefined) return
    if (this.library.info.indexed === 0)
      return this.tell('Add a folder of photos first: a picture’s kin are looked for in it.')
    const asked = files.slice(0, MOST_PICTURES)
    if (files.length > asked.length)
      this.tell(`Up to ${MOST_PICTURES} pictures can be asked for at once: the first are.`)
    this.compare.close()
    this.viewer.ask(
      kinOfAll(
        asked.map((file) => ({ kind: 'file', file, name: file.name || 'The picture', crop: null }))
      )
    )
  }

  /** Throws away what is not kept of a group of duplicates. */
  async throwOthers(group: ReviewGroup): Promise<void> {
    await this.#throw(await this.review.whatGoes(group))
  }

  /** Throws away what is not kept of all groups that were marked. */
  async throwMarked(): Promise<void> {
    await this.#throw(await this.review.whatGoes())
  }

  async #throw(ids: number[] | undefined): Promise<void> {
    if (!ids) return this.tell('Nothing was thrown away: duplicates could not be found again.')
    if (ids.length === 0) return this.tell('Nothing is to be thrown away here.')
    const target: Target = { ids, focused: ids[0] ?? 0, where: 'duplicates' }
    const answer = await this.files.act('trash-duplicates', target)
    if (answer?.outcome !== 'done') return
    await this.review.went(ids, answer.done === ids.length)
  }

  /** Remembers that a group is none. */
  async decideAgainst(group: ReviewGroup): Promise<void> {
    await this.try(this.review.decideAgainst(group))
    if (this.review.canTakeBack) this.tell('Remembered as no duplicates. Ctrl Z takes it back.')
  }

  /** Makes photos favourites; all of them being so already, they are none any more. */
  async toggleFavourite(ids: number[]): Promise<void> {
    const isFavourite = ids.every((id) => this.infos.get(id)?.favourite)
    await this.try(this.infos.setFavourite(ids, !isFavourite))
  }

  /** Rates photos from 1 to 5; 0 takes their rating away. */
  async rate(ids: number[], rating: number): Promise<void> {
    await this.try(this.infos.setRating(ids, rating))
  }

  /** Does what was asked for and says why when it cannot be done. */
  async try(work: Promise<unknown>): Promise<void> {
    try {
      await work
      this.library.read()
    } catch (error) {
      this.tellFault(error)
    }
  }

  /** Says what went wrong; an error that is no Fault is thrown on. */
  tellFault(error: unknown): void {
    if (!isFault(error)) throw error
    if (error.kind !== 'cancelled') this.tell(explain(error)) // whoever cancelled it knows why
  }
}

const CONTEXT = Symbol('kindred')

/** Makes the state; once, in the outermost component. */
export function provideKindred(): Kindred {
  return setContext(CONTEXT, new Kindred())
}

/** The state, in any component inside it. */
export function useKindred(): Kindred {
  return getContext<Kindred>(CONTEXT)
}
