// Calls to a volume that answers late, or not at all: who waits, who is told what, and how many
// calls are out. Time is the test's own.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { isFault } from '../../../main/wire/fault.ts'
import { AT_ONCE, SPARE, Unanswered, VolumeCalls } from '../../../main/wire/disk/volume-calls.ts'

const PATIENCE = { slow: 1200, silent: 12_000 }
/** Calls that are out in all, those that were given up among them. */
const MOST_OUT = AT_ONCE + SPARE

interface Made {
  calls: VolumeCalls
  news: string[]
  /** Calls that the system was asked, oldest first: each is answered by hand. */
  asked: ((answer: string) => void)[]
  ask(isPatient?: boolean, file?: string): Promise<string>
  pass(milliseconds: number): Promise<void>
}

function made(context: TestContext): Made {
  context.mock.timers.enable({ apis: ['setInterval'] })
  const news: string[] = []
  const asked: ((answer: string) => void)[] = []
  const calls = new VolumeCalls({
    subject: 'nas',
    patience: PATIENCE,
    onAnswer: () => news.push('answer'),
    onSilence: () => news.push('silence')
  })
  return {
    calls,
    news,
    asked,
    ask: (isPatient = false, file) =>
      calls
        .reach(() => new Promise<string>((resolve) => asked.push(resolve)), {
          isPatient,
          ...(file !== undefined && { file })
        })
        .catch((error: unknown) => {
          if (error instanceof Unanswered) return 'unanswered'
          return isFault(error) ? `${error.kind} ${error.record.about}` : String(error)
        }),
    async pass(milliseconds) {
      for (let passed = 0; passed < milliseconds; passed += 100) context.mock.timers.tick(100)
      await turns()
    }
  }
}

/** A first call that was given up before its answer came. */
async function givenUp({ asked, ask, pass }: Made): Promise<void> {
  const first = ask()
  await turns()
  await pass(PATIENCE.slow)
  assert.equal(await first, 'unanswered')
  asked[0]?.('late')
  await turns()
}

/** Lets all promises go on that can. */
async function turns(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

test('few calls are out at once, and the next ones follow their answers', async (context) => {
  const { calls, asked, ask } = made(context)
  const answers = Array.from({ length: AT_ONCE + 2 }, () => ask())
  await turns()
  assert.deepEqual([asked.length, calls.out], [AT_ONCE, AT_ONCE])
  asked[0]?.('a')
  await turns()
  assert.equal(asked.length, AT_ONCE + 1)
  for (let i = 1; i < AT_ONCE + 2; i++) {
    asked[i]?.('b')
    await turns()
  }
  assert.deepEqual(await Promise.all(answers), ['a', ...Array<string>(AT_ONCE + 1).fill('b')])
  assert.equal(calls.state, 'well')
})

test('a disk that starts to turn is waited for by who is patient, and nobody is told', async (context) => {
  const { calls, news, asked, ask, pass } = made(context)
  const [hasty, patient] = [ask(), ask(true)]
  await turns()
  await pass(PATIENCE.slow)
  assert.equal(await hasty, 'unanswered')
  assert.equal(calls.state, 'slow')
  assert.equal(await ask(), 'unanswered', 'nothing more is asked of it')
  const later = ask(true)
  assert.equal(asked.length, 2)
  asked[1]?.('turns')
  assert.equal(await patient, 'turns')
  await turns()
  assert.deepEqual([calls.state, news], ['well', ['answer']])
  asked[2]?.('at once')
  assert.equal(await later, 'at once')
})

test('who gave up an answer waits for it twice as long the next time', async (context) => {
  const volume = made(context)
  const { asked, ask, pass } = volume
  await givenUp(volume)
  const second = ask()
  await turns()
  await pass(PATIENCE.slow)
  asked[1]?.('as late')
  assert.equal(await second, 'as late')
})

test('a disk that is late now and then is waited for longer, or no look would end', async (context) => {
  const volume = made(context)
  const { asked, ask, pass } = volume
  await givenUp(volume)
  for (let i = 1; i <= 1000; i++) {
    const next = ask()
    await turns()
    asked[i]?.('in time')
    assert.equal(await next, 'in time')
  }
  const again = ask()
  await turns()
  await pass(PATIENCE.slow)
  asked.at(-1)?.('as late')
  assert.equal(await again, 'as late')
})

test('a silent volume is asked by one call at a time, and is well with any answer', async (context) => {
  const { calls, news, asked, ask, pass } = made(context)
  const waiting = [ask(), ask(true)]
  await turns()
  await pass(PATIENCE.silent)
  assert.deepEqual(await Promise.all(waiting), ['unanswered', 'disk-error folder'])
  assert.deepEqual([calls.state, news], ['silent', ['silence']])
  const probe = ask()
  assert.equal(await ask(true), 'disk-error folder', 'at once: one asks already')
  await pass(PATIENCE.slow)
  assert.equal(await probe, 'disk-error folder')
  assert.equal(await ask(), 'disk-error folder', 'the probe is still out')
  assert.deepEqual([asked.length, calls.out], [3, 3])
  asked[0]?.('after hours')
  await turns()
  assert.deepEqual([calls.state, news], ['well', ['silence', 'answer']])
  const next = ask()
  await turns()
  asked[3]?.('well')
  assert.equal(await next, 'well')
})

test('of a volume that never answers few calls are ever out', async (context) => {
  const { calls, ask, pass } = made(context)
  for (let i = 0; i < 20; i++) {
    const asked = [ask(), ask(true), ask()]
    await turns()
    await pass(PATIENCE.silent)
    await Promise.all(asked)
  }
  assert.ok(calls.out <= MOST_OUT, `${calls.out} are out`)
})

test('files that are never read keep no others from it, until there are too many', async (context) => {
  const { calls, asked, ask, pass } = made(context)
  for (let i = 0; i < MOST_OUT; i++) {
    const answer = ask(true, `/nas/${i}.jpg`)
    await turns()
    await pass(PATIENCE.silent)
    assert.equal(await answer, 'disk-error folder')
    if (calls.out === MOST_OUT) break
    const probe = ask()
    await turns()
    asked.at(-1)?.('well')
    assert.equal(await probe, 'well')
    assert.equal(await ask(true, '/nas/0.jpg'), 'disk-error photo', 'it alone is not asked for')
  }
  assert.equal(calls.out, MOST_OUT)
  asked[0]?.('late')
  await turns()
  assert.equal(calls.state, 'well')
  const next = ask()
  await turns()
  asked.at(-1)?.('well')
  assert.equal(await next, 'well')
})

test('the more is read, the longer it may take', async (context) => {
  const { calls, pass } = made(context)
  const bytes = 256 * PATIENCE.silent
  const read = calls.reach(() => new Promise<string>(() => undefined), { bytes })
  const refused = read.catch((error: unknown) => error)
  await turns()
  await pass(PATIENCE.silent)
  assert.equal(calls.state, 'well')
  await pass(PATIENCE.slow)
  assert.equal(calls.state, 'slow')
  assert.ok((await refused) instanceof Unanswered)
})

test('one that is closed refuses what waits, and tells nothing', async (context) => {
  const { calls, news, asked, ask } = made(context)
  const answers = Array.from({ length: AT_ONCE + 1 }, () => ask())
  await turns()
  calls.close()
  assert.deepEqual(await Promise.all(answers), Array<string>(AT_ONCE + 1).fill('cancelled program'))
  assert.equal(await ask(), 'cancelled program')
  asked[0]?.('late')
  await turns()
  assert.deepEqual([calls.out, news], [AT_ONCE - 1, []])
})
