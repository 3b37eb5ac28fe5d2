// A process of the training bench: opens one case on one provider, runs it step by step when it is
// told to, and says how long each part took. Started by engines.ts.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { PROVIDERS } from '../../../model/runtime/onnxruntime.ts'
import { openSession, type Session } from '../../../model/runtime/session.ts'
import type { Tensor } from '../../../model/tensor/tensor.ts'
import { CASES, learnedBy, type Case, type CaseName, type Feeds } from './cases.ts'

const Asked = v.variant('task', [
  v.object({
    task: v.literal('open'),
    name: v.picklist(Object.keys(CASES) as CaseName[]),
    provider: v.picklist(PROVIDERS),
    /** Parameters stay where they are between steps; false: they are fed and fetched. */
    kept: v.boolean()
  }),
  v.object({ task: v.literal('step') }),
  v.object({ task: v.literal('profile'), steps: v.number() })
])

/** Milliseconds of a step, and of them: making the batch, and `Session.run`. */
export interface StepTime {
  total: number
  batch: number
  run: number
}

class Runner {
  readonly case: Case
  #session: Session
  readonly #kept: boolean
  #state: Record<string, Tensor>
  #number = 0

  constructor(one: Case, session: Session, kept: boolean) {
    this.case = one
    this.#session = session
    this.#kept = kept
    this.#state = { ...one.start }
    if (kept) session.write(one.start)
  }

  async step(): Promise<StepTime> {
    const began = performance.now()
    const feeds: Feeds = await this.case.feeds(++this.#number)
    const ran = performance.now()
    const out = await this.#session.run(this.#kept ? feeds : { ...feeds, ...this.#state })
    if (!this.#kept)
      for (const [from, to] of Object.entries(this.case.carry)) this.#state[to] = out[from]!
    const ended = performance.now()
    return { total: ended - began, batch: ran - began, run: ended - ran }
  }

  /** Ends it. */
  async dispose(): Promise<void> {
    await this.#session.dispose()
  }
}

let runner: Runner | undefined
let reopen: ((prefix: string) => Promise<Runner>) | undefined

async function answer(message: unknown): Promise<unknown> {
  const asked = v.parse(Asked, message)
  if (asked.task === 'open') {
    const { name, provider, kept } = asked
    const one = CASES[name]()
    const open = async (profilePrefix?: string): Promise<Runner> => {
      const carry = kept ? one.carry : {}
      const settings = { provider, carry, ...(profilePrefix && { profilePrefix }) }
      return new Runner(one, await openSession(one.model, settings), kept)
    }
    reopen = open
    runner = await open()
    return { images: one.images, learned: learnedBy(one) }
  }
  if (asked.task === 'step') return runner?.step()
  return profile(asked.steps)
}

/** Of `Session.run`'s time, the share that ONNX Runtime spent in the model, by its own trace. */
async function profile(steps: number): Promise<{ inModel: number; peak: number }> {
  const peak = process.resourceUsage().maxRSS * 1024 // before a second session is opened
  await runner?.dispose()
  const folder = mkdtempSync(join(tmpdir(), 'kindred-trace-'))
  const traced = await reopen?.(join(folder, 'trace'))
  if (!traced) throw new Error('profile: no case is open')
  let outside = 0
  for (let i = 0; i <= steps; i++) {
    const { run } = await traced.step()
    if (i > 0) outside += run
  }
  await traced.dispose()
  const Event = v.object({ name: v.string(), dur: v.number() })
  const trace = join(folder, readdirSync(folder)[0] ?? '')
  const events = v.parse(v.array(v.unknown()), JSON.parse(readFileSync(trace, 'utf8')))
  rmSync(folder, { recursive: true })
  const runs = events.flatMap((event) => {
    const parsed = v.safeParse(Event, event)
    return parsed.success && parsed.output.name === 'model_run' ? [parsed.output.dur / 1000] : []
  })
  const inside = runs.slice(1).reduce((sum, run) => sum + run, 0)
  return { inModel: Math.min(1, inside / outside), peak }
}

process.on('message', (message) => {
  answer(message).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : `${error}` })
  )
})
process.on('disconnect', () => process.exit())
