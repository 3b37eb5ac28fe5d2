// What is decided about every kind of fault and every error of the operating system, against a
// table written here by hand.
import assert from 'node:assert/strict'
import { constants } from 'node:os'
import test from 'node:test'
import { getSystemErrorName } from 'node:util'
import fc from 'fast-check'
import { MOST_ATTEMPTS, SPACING, WIDENS, decide } from '../../../main/engine/faults/decision.ts'
import type { Decision, History } from '../../../main/engine/faults/decision.ts'
import { ABOUT, Fault, faultOf, isFault } from '../../../main/wire/fault.ts'
import type { About, FaultKind, FaultRecord } from '../../../main/wire/fault.ts'
import { systemFault } from '../../../main/wire/system-fault.ts'
import { faultRecord } from '../../support/library.ts'

type Course = Decision['course']

/** At first, and of the eighth photo in a row. */
type Row = readonly [Course, About, Course, About]

const FAILS: Row = ['fail', 'photo', 'fail', 'photo']
const PHOTO: Row = ['wait', 'photo', 'wait', 'photo']
const FOLDER: Row = ['wait', 'photo', 'wait', 'folder']
const LIBRARY: Row = ['stop', 'library', 'stop', 'library']
const PROGRAM: Row = ['stop', 'program', 'stop', 'program']

const BY_KIND: Record<FaultKind, Row> = {
  'unsupported-format': FAILS,
  'corrupt-photo': FAILS,
  'too-large': FAILS,
  'ends-process': FAILS,
  'wrong-folder': ['wait', 'folder', 'wait', 'folder'],
  'not-found': PHOTO,
  'no-access': PHOTO,
  'disk-error': FOLDER,
  unreadable: FOLDER,
  'disk-full': LIBRARY,
  'read-only': LIBRARY,
  'library-in-use': LIBRARY,
  'library-damaged': LIBRARY,
  'foreign-library': LIBRARY,
  'system-busy': PROGRAM,
  'bad-argument': PROGRAM,
  'bad-model': PROGRAM,
  'too-few-photos': PROGRAM,
  'process-lost': PROGRAM,
  'keeps-ending': PROGRAM,
  'version-mismatch': PROGRAM,
  device: PROGRAM,
  cancelled: PROGRAM,
  internal: PROGRAM
}

/** Errors while a photo is read; all others of the system are as EINVAL. */
const BY_CODE: Record<string, Row> = {
  ENOENT: PHOTO,
  ENOTDIR: PHOTO,
  EACCES: PHOTO,
  EPERM: PHOTO,
  ENOSPC: PHOTO, // none of these comes of reading
  EDQUOT: PHOTO,
  EROFS: PHOTO,
  EIO: FOLDER,
  ESTALE: FOLDER,
  ENXIO: FOLDER,
  ENODEV: FOLDER,
  ENOTCONN: FOLDER,
  ENOLINK: FOLDER,
  EBADMSG: FOLDER,
  ETIMEDOUT: FOLDER,
  EHOSTUNREACH: FOLDER,
  ENETDOWN: FOLDER,
  ENETUNREACH: FOLDER,
  ECONNABORTED: FOLDER,
  ECONNREFUSED: FOLDER,
  ECONNRESET: FOLDER,
  EPIPE: FOLDER,
  EMFILE: PROGRAM,
  ENFILE: PROGRAM,
  ENOMEM: PROGRAM,
  EAGAIN: PROGRAM,
  EWOULDBLOCK: PROGRAM,
  ENOBUFS: PROGRAM,
  EINVAL: FOLDER
}

/** The error as Node throws it: some numbers it has no name for. */
function errorOf(number: number): Error {
  return Object.assign(new Error(), { errno: -number, code: getSystemErrorName(-number) })
}

function rowOf(fault: Fault): Row {
  const { record } = fault
  const first = decide(record, { attempts: 1 })
  const eighth = decide(record, { attempts: 1, inARow: WIDENS })
  return [first.course, first.about, eighth.course, eighth.about]
}

function faultOfSystem(number: number, about: About): Fault {
  const fault = systemFault(errorOf(number), about, 'a.jpg', 'luck')
  assert.ok(isFault(fault), `${number}`)
  return fault
}

test('each kind is decided as the table says', () => {
  for (const [kind, row] of Object.entries(BY_KIND)) {
    const record = faultRecord(kind as FaultKind)
    assert.deepEqual(rowOf(new Fault(record)), row, kind)
  }
})

test('no error of the system fails a photo, and each is decided as the table says', () => {
  const errors = Object.entries(constants.errno).filter(([name]) => !name.startsWith('WSA'))
  assert.ok(errors.length > 70)
  for (const [name, number] of errors) {
    const row = BY_CODE[name] ?? BY_CODE.EINVAL
    assert.deepEqual(rowOf(faultOfSystem(number, 'photo')), row, name)
    // Of the library's own files nothing else goes on; a shortage is nobody's.
    const stops = row === PROGRAM ? PROGRAM : LIBRARY
    assert.deepEqual(rowOf(faultOfSystem(number, 'library')), stops, `${name} of the library`)
    assert.deepEqual(rowOf(faultOfSystem(number, 'program')), PROGRAM, `${name} of the program`)
  }
})

test('a full disk and one that is read-only have kinds of their own', () => {
  const { ENOSPC, EDQUOT, EROFS } = constants.errno
  const kinds = [ENOSPC, EDQUOT, EROFS].map((number) => faultOfSystem(number, 'library').kind)
  assert.deepEqual(kinds, ['disk-full', 'disk-full', 'read-only'])
})

test('an error of ours at a photo does not fail it; of many in a row the program stops', () => {
  const fault = faultOf(new Error('a tensor of another shape'), 'photo 7', 'photo')
  assert.deepEqual(rowOf(fault), ['wait', 'photo', 'stop', 'program'])
})

test('a photo that finds no memory waits; of many in a row the program stops', () => {
  const fault = new Fault(faultRecord('system-busy', { about: 'photo' }))
  assert.deepEqual(rowOf(fault), ['wait', 'photo', 'stop', 'program'])
})

/** How many deaths of compute, or failures, end each kind of work. */
const LAST_ATTEMPT: Record<keyof typeof MOST_ATTEMPTS, number> = {
  'photo-alone': 2,
  'photo-alone-untold': 5,
  'known-photo-alone': 3,
  'known-photos': 1,
  'call-of-run': 24,
  run: 6
}
const WORKS = Object.keys(MOST_ATTEMPTS) as (keyof typeof MOST_ATTEMPTS)[]

/** The attempt, of fifty, after which work is not tried again; undefined: it always is. */
function lastOf(record: FaultRecord, history: Omit<History, 'attempts'>): number | undefined {
  const attempts = Array.from({ length: 50 }, (_, index) => index + 1)
  const ends = attempts.filter((count) => {
    const { course } = decide(record, { ...history, attempts: count })
    assert.notEqual(course, 'stop', JSON.stringify(history))
    return course === 'fail'
  })
  const [first] = ends
  if (first !== undefined) assert.deepEqual(ends, attempts.slice(first - 1), 'it does not come back')
  return first
}

test('deaths of compute end each work after as many attempts as the table says', () => {
  const lost = faultRecord('process-lost')
  assert.deepEqual(WORKS.sort(), Object.keys(LAST_ATTEMPT).sort())
  for (const work of WORKS) {
    const isRun = work === 'run' // what may pass does not end one
    assert.equal(lastOf(lost, { work }), isRun ? undefined : LAST_ATTEMPT[work], work)
  }
})

test('with other faults photos are decided as when they are described', () => {
  const kinds = (Object.keys(BY_KIND) as FaultKind[]).filter((kind) => kind !== 'process-lost')
  for (const work of WORKS.filter((each) => each.includes('photo')))
    for (const kind of kinds) {
      const record = faultRecord(kind)
      assert.deepEqual(decide(record, { attempts: 9, work }), decide(record, { attempts: 9 }), kind)
    }
})

test('a call of a run is made again after deaths and lost devices only', () => {
  for (const kind of Object.keys(BY_KIND) as FaultKind[]) {
    const isTried = kind === 'process-lost' || kind === 'device'
    const last = lastOf(faultRecord(kind), { work: 'call-of-run' })
    assert.equal(last, isTried ? LAST_ATTEMPT['call-of-run'] : 1, kind)
  }
})

test('a run is dropped for what does not pass, or once another would be due', () => {
  for (const passes of [true, false])
    for (const isOvertaken of [true, false]) {
      const record = faultRecord('disk-error', { passes })
      const isDropped = !passes || isOvertaken
      const last = lastOf(record, { work: 'run', isOvertaken: () => isOvertaken })
      assert.equal(last, isDropped ? LAST_ATTEMPT.run : undefined, `${passes} ${isOvertaken}`)
    }
  const waits = [1, 2, 3, 50].map((attempts) => {
    return decide(faultRecord('internal'), { attempts, work: 'run' }).after / 1000
  })
  assert.deepEqual(waits, [30, 60, 120, 3600])
})

test('attempts are spaced out, each at least as far as the one before, up to a limit', () => {
  const kinds = fc.constantFrom(...(Object.keys(BY_KIND) as FaultKind[]))
  const attempts = fc.integer({ min: 1, max: 2000 })
  const abouts = fc.constantFrom(...ABOUT)
  const streaks = fc.integer({ min: 1, max: 20 })
  fc.assert(
    fc.property(kinds, abouts, attempts, streaks, (kind, about, count, inARow) => {
      const fault = faultRecord(kind, { about, passes: true })
      const one = decide(fault, { attempts: count, inARow })
      const next = decide(fault, { attempts: count + 1, inARow })
      const { first, most } = SPACING[one.about]
      assert.ok(one.after >= first && one.after <= most)
      assert.ok(next.after === most || next.after === 2 * one.after)
    })
  )
})
