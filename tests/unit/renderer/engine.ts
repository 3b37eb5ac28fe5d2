// An engine for tests of the page's state: engineContract served over real message ports, from a
// handful of photos. What it answers can be changed while it runs.
import { portOfWeb } from '../../../main/wire/port.ts'
import { serve } from '../../../main/wire/channel.ts'
import type { Handlers, Server } from '../../../main/wire/channel.ts'
import { engineContract } from '../../../main/wire/engine-contract.ts'
import type { EngineContract } from '../../../main/wire/engine-contract.ts'
import type { Kin, LibraryInfo } from '../../../main/wire/engine-records.ts'
import type { KeptModel, Learning } from '../../../main/wire/learning-contract.ts'

/** A library of three photos; photo 3 is not indexed yet. */
export const LIBRARY: LibraryInfo = {
  photos: 3,
  indexed: 2,
  pending: 1,
  failed: 0,
  folders: [],
  model: null,
  rebuilt: null,
  progress: {
    state: 'idle',
    done: 0,
    total: 0,
    failed: 0,
    photosPerSecond: 0,
    secondsLeft: null,
    currentFile: null,
    restarting: null,
    waits: []
  },
  revision: 1,
  order: 1
}

/** A learned model that serves. */
export const MODEL: KeptModel = {
  id: 2,
  kind: 'learned',
  depth: 'head',
  state: 'serving',
  bits: 64,
  fittedOn: 1200,
  createdAt: 0,
  device: 'cpu',
  seconds: 200,
  steps: 1000,
  scoreBefore: 0.6,
  scoreAfter: 0.8
}

/** Too few photos to learn from. */
export const LEARNING: Learning = {
  state: 'off',
  waitsFor: null,
  phase: null,
  depth: 'head',
  done: 0,
  total: 0,
  secondsLeft: null,
  trial: 0,
  trials: 0,
  curve: [],
  device: null,
  photos: 2,
  photosNeeded: 256,
  newPhotos: 2,
  newPhotosNeeded: 256,
  deepSeconds: null,
  last: null,
  trouble: null
}

/** Handlers for that library. */
export function handlers(): Handlers<EngineContract> {
  return {
    library: () => LIBRARY,
    layout: () => ({
      order: LIBRARY.order,
      total: 3,
      all: 3,
      ids: Uint32Array.of(3, 2, 1),
      aspects: Float32Array.of(1, 1.5, 2),
      thumbnails: new Uint8Array(3 * 16)
    }),
    photos: ({ ids }) => ({
      photos: ids.map((id) => ({
        id,
        name: `${id}.jpg`,
        folder: '',
        width: 300,
        height: 200,
        fileSize: 1000,
        date: null,
        format: null,
        facts: null,
        damage: null,
        indexed: id !== 3,
        favourite: false,
        rating: 0,
        companions: [],
        otherPaths: [],
        holds: null,
        thumbnail: null
      }))
    }),
    timeline: () => ({ months: [] }),
    directories: () => ({ directories: [] }),
    traits: () => ({
      formats: [],
      cameras: [],
      orientations: { landscape: 0, portrait: 0, square: 0 },
      megapixels: [],
      placed: 0,
      unplaced: 0
    }),
    subfolders: () => ({ subfolders: [] }),
    leaveOut: () => ({}),
    takeBack: () => ({}),
    setLeastPixels: () => ({}),
    setFavourite: () => ({}),
    setRating: () => ({}),
    setNotKin: () => ({}),
    albums: () => ({ albums: [] }),
    album: () => ({ name: '', filter: {}, parts: [] }),
    keepAlbum: () => ({ id: 1 }),
    renameAlbum: () => ({}),
    removeAlbum: () => ({}),
    putAlbumBack: () => ({}),
    query: () => ({ exact: true, copies: [], putAway: [], kin: [] }),
    draw: () => ({ bytes: new Uint8Array() }),
    look: () => ({ picture: 1, width: 300, height: 200 }),
    lookAt: () => ({ picture: 1, width: 300, height: 200 }),
    kin: ({ id }) => ({
      exact: true,
      copies: [],
      putAway: [],
      kin: [
        {
          id: id === 1 ? 2 : 1,
          score: 0.5,
          likeness: 0.5,
          nearness: 'same-kind',
          width: 300,
          height: 200,
          name: 'kin.jpg',
          thumbnail: null,
          copies: [], alike: [], shots: []
        }
      ]
    }),
    map: () => ({
      version: 1,
      layout: 1,
      reason: 'first',
      state: { state: 'made' },
      total: 2,
      ids: Uint32Array.of(1, 2),
      places: Float32Array.of(-0.5, 0, 0.5, 0),
      clusters: Uint8Array.of(0, 1)
    }),
    failures: () => ({ total: 0, damaged: 0, failures: [] }),
    retry: () => ({ pending: 0 }),
    tryNow: () => ({}),
    pause: () => ({}),
    resume: () => ({}),
    rescan: () => ({}),
    hideRebuilt: () => ({}),
    stepAside: () => ({}),
    findDuplicates: () => ({
      finding: 1,
      identical: { groups: 0, bytes: 0 },
      same: { groups: 0, bytes: 0 },
      bursts: { groups: 0, bytes: 0 },
      decided: 0,
      protected: 0,
      away: 0,
      waiting: 0
    }),
    duplicateGroups: () => ({ groups: [] }),
    setNotDuplicates: () => ({ decision: 1 }),
    forgetDecision: () => ({}),
    keptPlaces: () => ({ places: [] }),
    setKeptPlaces: () => ({}),
    removeFolder: () => ({}),
    learning: () => LEARNING,
    learn: () => ({}),
    cancelLearning: () => ({}),
    pauseLearning: () => ({}),
    resumeLearning: () => ({}),
    models: () => ({ models: [] }),
    rollback: () => ({}),
    arithmetic: () => ({
      own: 'float' as const,
      isSlow: false,
      others: ['8-bit' as const],
      offer: '8-bit' as const,
      isChanging: false
    }),
    describeAnew: () => ({}),
    compareModels: () => ({ before: null, after: null, comparisons: [] }),
    devices: () => ({ devices: [], measuredAt: null, note: null }),
    measureDevices: () => ({ devices: [], measuredAt: null, note: null })
  }
}

/** One of the kin, of which a test asks no more than which it is. */
export function kinWith(id: number): Kin {
  const near = { score: 0.5, likeness: 0.5, nearness: 'same-kind' } as const
  const beside = { copies: [], alike: [], shots: [] }
  return { id, ...near, width: 3, height: 2, name: '', thumbnail: null, ...beside }
}

/** What of a window the page's line listens to. */
export class WindowTarget extends EventTarget {
  /** Starts an engine and hands its port over as app and preload do. */
  hand(answers: Handlers<EngineContract>): Server<EngineContract> {
    const { port1, port2 } = new MessageChannel()
    const server = serve(portOfWeb(port1), engineContract, answers)
    const event = Object.assign(new Event('message'), {
      data: { type: 'port', peer: 'engine' },
      source: this,
      ports: [port2]
    })
    this.dispatchEvent(event)
    return server
  }
}

/** The kind of a Fault, also of one that was made by another copy of its class (a bundle's). */
export function kindOf(error: unknown): unknown {
  return error instanceof Error && 'kind' in error ? error.kind : undefined
}
