// The page's state on an engine that a test answers for, over real ports.
import { before } from 'node:test'
import type { Handlers, Server } from '../../../main/wire/channel.ts'
import type { EngineContract } from '../../../main/wire/engine-contract.ts'
import { Fault } from '../../../main/wire/fault.ts'
import { until } from '../../support/until.ts'
import { WindowTarget, handlers } from './engine.ts'
import { loadState } from './bundle.ts'

export type State = typeof import('../../../renderer/state/albums.svelte.ts') &
  typeof import('../../../renderer/state/engine-link.svelte.ts') &
  typeof import('../../../renderer/state/failures.svelte.ts') &
  typeof import('../../../renderer/state/filtering.svelte.ts') &
  typeof import('../../../renderer/state/learner.svelte.ts') &
  typeof import('../../../renderer/state/library.svelte.ts') &
  typeof import('../../../renderer/state/photo-infos.svelte.ts') &
  typeof import('../../../renderer/state/selection.svelte.ts') &
  typeof import('../../../renderer/state/thumbnails.svelte.ts') &
  typeof import('../../../renderer/state/viewer.svelte.ts')

let state: State
before(async () => {
  const names = [
    'albums',
    'engine-link',
    'failures',
    'filtering',
    'learner',
    'library',
    'photo-infos',
    'selection',
    'thumbnails',
    'viewer'
  ]
  state = await loadState<State>(...names.map((name) => `${name}.svelte.ts`))
})

/** The modules of renderer/state; to be asked for inside a test. */
export function modules(): State {
  return state
}

export interface Page {
  target: WindowTarget
  engine: Server<EngineContract>
  link: InstanceType<State['EngineLink']>
  library: InstanceType<State['Library']>
  infos: InstanceType<State['PhotoInfos']>
  thumbnails: InstanceType<State['Thumbnails']>
  filtering: InstanceType<State['Filtering']>
  learner: InstanceType<State['Learner']>
  viewer: InstanceType<State['Viewer']>
  preferences: { strictness: number; fold: boolean }
}

/** The page's state on an engine that answers so; runs the body once the library is read. */
export async function withPage(
  answers: Partial<Handlers<EngineContract>>,
  body: (page: Page) => Promise<void>
): Promise<void> {
  const target = new WindowTarget()
  const link = new state.EngineLink(target as EventTarget as Window)
  const library = new state.Library(link)
  const infos = new state.PhotoInfos(link)
  const thumbnails = new state.Thumbnails(link)
  const filtering = new state.Filtering(link)
  const learner = new state.Learner(link)
  const preferences = { strictness: 0.5, fold: true }
  const viewer = new state.Viewer(link, library, infos, filtering, preferences)
  const engine = target.hand({ ...handlers(), ...answers })
  try {
    await until('the library is read', () => library.isWhole)
    await body({
      target,
      engine,
      link,
      library,
      infos,
      thumbnails,
      filtering,
      learner,
      viewer,
      preferences
    })
  } finally {
    viewer.close()
    engine.close()
  }
}

/** Ids of the kin that are shown; nothing while there are none. */
export function shownKin({ viewer }: Pick<Page, 'viewer'>): number[] | undefined {
  return viewer.kin.status === 'ready' ? viewer.kin.kin.map((kin) => kin.id) : undefined
}

/** What a disk that fails answers. */
export const BROKEN = new Fault({
  kind: 'unreadable',
  subject: 'kin',
  expected: 'a disk',
  received: 'an error'
})
