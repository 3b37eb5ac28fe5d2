// What goes when duplicates are reviewed: never what is left of a group whose kept photo has left.
import assert from 'node:assert/strict'
import test, { before } from 'node:test'
import type { Handlers } from '../../../main/wire/channel.ts'
import type { DuplicateKind, DuplicatePhoto } from '../../../main/wire/duplicate-messages.ts'
import type { EngineContract } from '../../../main/wire/engine-contract.ts'
import { Fault, cancelled } from '../../../main/wire/fault.ts'
import { WindowTarget, handlers } from './engine.ts'
import { loadState } from './bundle.ts'

type State = typeof import('../../../renderer/state/engine-link.svelte.ts') &
  typeof import('../../../renderer/state/duplicate-review.svelte.ts')
type Review = InstanceType<State['DuplicateReview']>
/** Ids of the photos of each group, the suggested first. */
type Groups = Partial<Record<DuplicateKind, number[][]>>

let state: State
before(async () => {
  state = await loadState<State>('engine-link.svelte.ts', 'duplicate-review.svelte.ts')
})

function photoWith(id: number): DuplicatePhoto {
  return {
    id,
    name: `${id}.jpg`,
    folder: 'photos',
    width: 3,
    height: 2,
    bytes: 1000,
    format: 'jpeg',
    takenAt: null,
    modifiedAt: 0,
    isDamaged: false,
    favourite: false,
    rating: 0,
    companions: 0,
    isProtected: false,
    thumbnail: '0'.repeat(32)
  }
}

interface Library {
  groups: Groups
  /** Photos that left since groups were found. */
  gone: number[]
  fault?: Fault
}

/** Answers as the engine does: groups as they were found, their photos as they are there now. */
function answers(library: Library): Partial<Handlers<EngineContract>> {
  const totalsOf = (kind: DuplicateKind): { groups: number; bytes: number } => ({
    groups: library.groups[kind]?.length ?? 0,
    bytes: 0
  })
  return {
    findDuplicates() {
      if (library.fault) throw library.fault
      return {
        finding: 1,
        identical: totalsOf('identical'),
        same: totalsOf('same'),
        bursts: totalsOf('bursts'),
        decided: 0,
        protected: 0,
        away: 0,
        waiting: 0
      }
    },
    duplicateGroups({ kind, offset, count }) {
      const found = kind === 'decided' ? [] : (library.groups[kind] ?? [])
      return {
        groups: found.slice(offset, offset + count).map((ids) => {
          const there = ids.filter((id) => !library.gone.includes(id))
          const photos = there.length > 1 ? there.map(photoWith) : []
          return { photos, reason: 'bytes' as const, decision: null }
        })
      }
    }
  }
}

/** A review of these groups, found and read; one kind is looked at. */
async function withReview(
  groups: Groups,
  kind: DuplicateKind,
  body: (review: Review, library: Library) => Promise<void>
): Promise<void> {
  const library: Library = { groups, gone: [] }
  const target = new WindowTarget()
  const review = new state.DuplicateReview(
    new state.EngineLink(target as EventTarget as Window)
  )
  const engine = target.hand({ ...handlers(), ...answers(library) })
  try {
    await review.find()
    await review.show(kind)
    await body(review, library)
  } finally {
    review.leave()
    engine.close()
  }
}

/** The group that has a photo. */
function groupWith(review: Review, id: number): Review['groups'][number] {
  const group = review.groups.find(({ photos }) => photos.some((photo) => photo.id === id))
  assert.ok(group, `no group has photo ${id}`)
  return group
}

test('the mark of a group that is none any more throws nothing away', async () => {
  await withReview({ same: [[1, 2], [5, 6]] }, 'same', async (review, library) => {
    review.marks.suggest(groupWith(review, 1))
    review.marks.suggest(groupWith(review, 5))
    assert.deepEqual(review.marks.all.ids, [2, 6])
    library.groups = { same: [[5, 6]] } // photo 1 was thrown away in the grid
    await review.find()
    assert.deepEqual(review.marks.all.ids, [6])
  })
})

test('what is marked of a kind that is not shown is read again, too', async () => {
  await withReview({ same: [[1, 2]], bursts: [[5, 6]] }, 'same', async (review, library) => {
    review.marks.suggest(groupWith(review, 1))
    await review.show('bursts')
    library.groups = { bursts: [[5, 6]] }
    await review.find()
    assert.deepEqual(review.marks.all.ids, [])
  })
})

test('where the kept photo left, the others are not marked, and the survivors stay', async () => {
  await withReview({ bursts: [[3, 1, 2]] }, 'bursts', async (review, library) => {
    review.marks.suggest(groupWith(review, 3))
    assert.deepEqual(review.marks.all.ids, [1, 2])
    library.gone = [3] // its drive was unplugged: nothing is found anew for that
    assert.deepEqual(await review.whatGoes(), [])
    assert.equal(review.marks.has(groupWith(review, 1)), false)
  })
})

test('a group that is thrown away at once is looked at again before', async () => {
  await withReview({ same: [[3, 1, 2], [5, 6]] }, 'same', async (review, library) => {
    const stale = groupWith(review, 3)
    library.gone = [3]
    assert.deepEqual(await review.whatGoes(stale), [])
    const gone = groupWith(review, 5)
    library.groups = {}
    assert.deepEqual(await review.whatGoes(gone), [])
  })
})

test('what is as it was shown goes', async () => {
  await withReview({ same: [[1, 2, 3], [5, 6]] }, 'same', async (review) => {
    assert.deepEqual(await review.whatGoes(groupWith(review, 1)), [2, 3])
    review.marks.toggle(groupWith(review, 1), 2)
    assert.deepEqual(await review.whatGoes(groupWith(review, 1)), [1, 3])
    review.marks.suggest(groupWith(review, 5))
    assert.deepEqual(await review.whatGoes(), [1, 3, 6])
  })
})

test('a photo that came into a group is not thrown away before it was seen', async () => {
  await withReview({ same: [[1, 2]] }, 'same', async (review, library) => {
    review.marks.suggest(groupWith(review, 1))
    library.groups = { same: [[1, 2, 3]] }
    assert.deepEqual(await review.whatGoes(), [2])
    assert.deepEqual(await review.whatGoes(), [2, 3])
    review.marks.forget()
    const seen = groupWith(review, 1)
    library.groups = { same: [[2, 1, 3, 4]] } // another is suggested now
    assert.deepEqual(await review.whatGoes(seen), [3])
  })
})

test('a photo that is kept of one group does not go with another', async () => {
  await withReview({ same: [[1, 2]], bursts: [[5, 1]] }, 'same', async (review) => {
    review.marks.suggest(groupWith(review, 1))
    await review.show('bursts')
    review.marks.suggest(groupWith(review, 5))
    assert.deepEqual(review.marks.all.ids, [2])
    assert.deepEqual(await review.whatGoes(groupWith(review, 5)), [])
  })
})

test('nothing goes when they could not be found again', async () => {
  await withReview({ same: [[1, 2]] }, 'same', async (review, library) => {
    review.marks.suggest(groupWith(review, 1))
    const [subject, expected, received] = ['the library', 'a disk', 'an error']
    library.fault = new Fault({ kind: 'unreadable', subject, expected, received })
    assert.equal(await review.whatGoes(), undefined)
    assert.equal(review.fault?.kind, 'unreadable')
    library.fault = cancelled('findDuplicates')
    assert.equal(await review.whatGoes(groupWith(review, 1)), undefined)
    delete library.fault
    assert.deepEqual(await review.whatGoes(), [2])
  })
})

test('a mark far down the list stays when only the first groups are read', async () => {
  const many = Array.from({ length: 450 }, (_, i) => [2 * i + 1, 2 * i + 2])
  await withReview({ same: many }, 'same', async (review) => {
    assert.equal(review.groups.length, 100)
    await review.keepAllSuggestions()
    await review.show('bursts')
    await review.show('same')
    assert.equal((await review.whatGoes())?.length, 450)
  })
})
