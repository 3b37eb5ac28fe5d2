// Random commands, wishes and ends of work through the learner's table: no impossible state, always
// a way to rest, whoever waits is told, and closing ends.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { LearnerMachine } from '../../../main/engine/learning/learner-machine.ts'
import type { Occasion } from '../../../main/engine/learning/learner-machine.ts'
import type { Effect } from '../../../main/engine/learning/learner-table.ts'

/** Failures in a row after which the run is discarded. */
const MOST_FAILURES = 3
/** More ends of work than any line of these tests needs. */
const PATIENCE = 200

interface Asked {
  what: 'learn' | 'measure' | 'go-back' | 'cancel' | 'discard' | 'close'
  run: string // of `learn`: which one is wanted
  told: number // how often whoever asked was told
}

/** The world around the machine: work that goes on until it is ended, callers, one run at most. */
class World {
  work: Effect | undefined
  isAborted = false
  run: string | undefined
  isWanted = false
  isHeld = false
  isInTrouble = false
  failures = 0
  isReleased = false
  readonly waiters = new Set<Asked>()
  readonly asked: Asked[] = []
  readonly machine = new LearnerMachine<Asked, string>({
    commandOf: ({ what, run }) =>
      what === 'learn' && this.run !== undefined && this.run !== run ? 'replace' : what,
    wish: (state) => {
      if (this.isHeld) return state === 'learning' ? 'hold' : undefined
      const isWanted = this.isWanted || this.waiters.size > 0
      return state === 'resting' && isWanted && !this.isInTrouble ? 'go' : undefined
    },
    carryOut: (effect, occasion) => this.#carryOut(effect, occasion)
  })

  ask(what: Asked['what'], run = ''): void {
    const asked = { what, run, told: 0 }
    this.asked.push(asked)
    this.machine.ask(asked, what === 'close' ? 'first' : 'last')
    this.check()
  }

  /** What is under way ends. */
  end(well: boolean): void {
    const { work } = this
    if (!work) return
    this.work = undefined
    const dropsRun = work === 'give-up' || work === 'discard' || work === 'go-back'
    if (well && (work === 'start' || dropsRun)) this.run = undefined
    if (well) this.machine.end({ event: 'done', result: 'a result' })
    else this.machine.end({ event: 'failed', error: new Error('bad luck') })
    this.check()
  }

  look(): void {
    this.machine.look()
    this.check()
  }

  /** Until nothing is under way and no command waits. */
  endAll(well: boolean): void {
    for (let ends = 0; this.work; ends++) {
      assert.ok(ends < PATIENCE, `${this.machine.state} for ever`)
      this.end(well)
    }
  }

  check(): void {
    const isAtWork = this.machine.state !== 'resting' && this.machine.state !== 'closed'
    assert.equal(this.work !== undefined, isAtWork, this.machine.state)
    for (const { what, told } of this.asked) assert.ok(told <= 1, `${what} was told twice`)
  }

  #carryOut(effect: Effect, { command }: Occasion<Asked, string>): void {
    const told = (asked: Asked | undefined): void => void (asked && asked.told++)
    const tellWaiters = (): void => (this.waiters.forEach(told), this.waiters.clear())
    switch (effect) {
      case 'start':
        this.run ??= 'by itself'
        return this.#begin(effect)
      case 'give-up':
      case 'discard':
      case 'measure':
      case 'go-back':
        return this.#begin(effect)
      case 'abort':
        assert.ok(this.work, 'there is something to stop')
        this.isAborted = true
        return
      case 'adopt':
        assert.equal(command?.what, 'learn')
        this.run ??= command!.run
        this.isHeld = this.isInTrouble = false
        this.waiters.add(command!)
        return
      case 'reply':
      case 'turn-away':
        return told(command)
      case 'answer':
        this.failures = 0
        return tellWaiters()
      case 'refuse':
        return tellWaiters()
      case 'count':
        if (++this.failures >= MOST_FAILURES) this.machine.ask({ what: 'discard', run: '', told: 0 })
        return
      case 'retry':
        this.isInTrouble = true
        return
      case 'release':
        this.isReleased = true
        return told(command)
    }
  }

  #begin(work: Effect): void {
    assert.equal(this.work, undefined, 'one thing at a time')
    this.work = work
    this.isAborted = false
  }
}

type Act = (world: World) => void
const ask = (...[what, run]: Parameters<World['ask']>): Act => (world) => world.ask(what, run)
const change = (how: Act): Act => (world) => (how(world), world.look())

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.constantFrom('a', 'b').map((run) => ask('learn', run)),
  fc.constantFrom('measure', 'go-back', 'cancel').map((what) => ask(what)),
  fc.boolean().map((isWanted) => change((world) => void (world.isWanted = isWanted))),
  fc.boolean().map((isHeld) => change((world) => void (world.isHeld = isHeld))),
  fc.constant(change((world) => void (world.isInTrouble = false))),
  fc.boolean().map((well): Act => (world) => world.end(well)),
  fc.boolean().map((well): Act => (world) => world.end(well))
)
const acts = fc.array(act, { maxLength: 60 })
const RUNS = { numRuns: 2000 }

test('any sequence leads to rest once nothing is wanted any more', () => {
  fc.assert(
    fc.property(acts, fc.boolean(), (sequence, well) => {
      const world = new World()
      for (const each of sequence) each(world)
      world.isWanted = false
      world.isHeld = true // so that no run begins for those who wait
      world.look()
      world.endAll(well)
      // A caller of the line may have asked for a run, which holds nothing back any more.
      world.isHeld = false
      world.isInTrouble = false
      world.look()
      world.endAll(true)
      assert.equal(world.machine.state, 'resting')
      assert.equal(world.machine.nextCommand, undefined)
      assert.equal(world.waiters.size, 0, 'who waited was told')
    }),
    RUNS
  )
})

test('closing ends, and everyone who asked was told once', () => {
  fc.assert(
    fc.property(acts, acts, fc.boolean(), (before, after, well) => {
      const world = new World()
      for (const each of before) each(world)
      world.ask('close')
      for (const each of after) each(world)
      world.endAll(well)
      assert.equal(world.machine.state, 'closed')
      assert.ok(world.isReleased)
      for (const { what, told } of world.asked)
        assert.equal(told, what === 'cancel' ? 0 : 1, `${what} was told`)
      world.ask('learn', 'too late')
      assert.equal(world.asked.at(-1)?.told, 1)
    }),
    RUNS
  )
})

test('close is next, whatever is under way and whatever waits', () => {
  fc.assert(
    fc.property(acts, fc.boolean(), (before, well) => {
      const world = new World()
      for (const each of before) each(world)
      world.ask('close')
      if (world.work && !['give-up', 'discard'].includes(world.work))
        assert.ok(world.isAborted, `${world.work} is told to stop`)
      world.end(well)
      assert.equal(world.machine.state, 'closed', 'as soon as that has stopped')
    }),
    RUNS
  )
})
