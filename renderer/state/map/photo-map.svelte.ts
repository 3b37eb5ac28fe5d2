// The map: read when somebody looks at it, and again once places changed. Runs in the page.
import { Fault } from '../../../main/wire/fault.ts'
import { LARGEST_MAP_SLICE } from '../../../main/wire/map-messages.ts'
import type { MapReason, MapSlice, MapState } from '../../../main/wire/map-messages.ts'
import type { EngineLink } from '../engine-link.svelte.ts'
import type { Library } from '../library.svelte.ts'
import { clustersOf } from './map-clusters.ts'
import { NO_POINTS, joinedPoints } from './map-points.ts'
import type { WholeMap } from './map-points.ts'

/** What is shown of the map, and how far it is. */
export class PhotoMap {
  #link: EngineLink
  #library: Library
  #map = $state.raw<WholeMap | undefined>()
  #state = $state.raw<MapState | undefined>()
  #fault = $state.raw<Fault | undefined>()
  #changed = $state.raw<MapReason | undefined>()
  #isLookedAt = false
  #isStale = false
  #reading: Promise<void> | undefined
  /** The photo that keys are for; 0: none yet. */
  focused = $state(0)
  /** A press and drag draws a line around photos, rather than moving the map. */
  isLassoing = $state(false)

  constructor(link: EngineLink, library: Library) {
    this.#link = link
    this.#library = library
    link.onConnect((client) => {
      client.on('map', (state) => {
        this.#state = state
        if (state.state === 'made' && this.#isLookedAt) this.read()
      })
      if (this.#isLookedAt) this.read()
    })
  }

  /** All photos of the library that pass the filter and have a place. */
  points = $derived.by(() =>
    this.#map ? joinedPoints(this.#map, this.#library.layout.ids) : NO_POINTS
  )
  #all = $derived(clustersOf(this.points))
  clusters = $derived(this.#all.filter(({ photos }) => photos > 1))
  /** Photos that are like no other. */
  alone = $derived(this.#all.filter(({ photos }) => photos === 1))
  /** Which of the points has the keys; -1: none. */
  focusedAt = $derived(this.points.ids.indexOf(this.focused))

  /** Where the photos of a cluster lie. */
  placesOf(cluster: number): Float32Array {
    const { clusters, places } = this.points
    return places.filter((_, at) => clusters[at >> 1] === cluster)
  }

  /** True once the engine has said what there is. */
  get isRead(): boolean {
    return this.#map !== undefined
  }

  /** There is a layout. */
  get isMade(): boolean {
    return (this.#map?.layout ?? 0) > 0
  }

  get layout(): number {
    return this.#map?.layout ?? 0
  }

  get state(): MapState | undefined {
    return this.#state
  }

  get fault(): Fault | undefined {
    return this.#fault
  }

  /** Why all photos lie elsewhere than when one looked last; undefined: they do not. */
  get changed(): MapReason | undefined {
    return this.#changed
  }

  /** It was read why. */
  forgetChange(): void {
    this.#changed = undefined
  }

  /** Somebody looks at it from now on. */
  look(): void {
    this.#isLookedAt = true
    this.read()
  }

  leave(): void {
    this.#isLookedAt = false
    this.#changed = undefined
    this.isLassoing = false
  }

  /** Reads it, again if that is under way. */
  read(): void {
    this.#isStale = true
    this.#reading ??= this.#readWhileStale()
  }

  async #readWhileStale(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false
      try {
        await this.#readAll()
        this.#fault = undefined
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        this.#fault = error
      }
    }
    this.#reading = undefined
  }

  async #readAll(): Promise<void> {
    const first = await this.#slice(0)
    if (first.version !== this.#map?.version) {
      const slices = [first]
      for (let read = first.ids.length; read < first.total; ) {
        const next = await this.#slice(read)
        if (next.version !== first.version || next.ids.length === 0) {
          this.#isStale = true // places changed meanwhile
          return
        }
        slices.push(next)
        read += next.ids.length
      }
      const former = this.#map?.layout ?? 0
      if (former > 0 && first.layout !== former) this.#changed = first.reason
      this.#map = whole(slices)
    }
    this.#state = first.state
  }

  #slice(offset: number): Promise<MapSlice> {
    return this.#link.call('map', { offset, count: LARGEST_MAP_SLICE })
  }
}

function whole(slices: readonly MapSlice[]): WholeMap {
  const [first] = slices
  const total = slices.reduce((sum, { ids }) => sum + ids.length, 0)
  const map: WholeMap = {
    version: first?.version ?? 0,
    layout: first?.layout ?? 0,
    ids: new Uint32Array(total),
    places: new Float32Array(2 * total),
    clusters: new Uint8Array(total)
  }
  let at = 0
  for (const { ids, places, clusters } of slices) {
    map.ids.set(ids, at)
    map.places.set(places, 2 * at)
    map.clusters.set(clusters, at)
    at += ids.length
  }
  return map
}
