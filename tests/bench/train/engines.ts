// Our steps as engines of the training bench: each case in a process of its own, so that its peak
// of memory is its own and a provider that fails takes nothing with it. Plain Node.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import type { Provider } from '../../../model/runtime/onnxruntime.ts'
import type { CaseName } from './cases.ts'
import type { StepTime } from './worker.ts'

const Reply = v.union([v.object({ result: v.unknown() }), v.object({ error: v.string() })])
const Opened = v.object({ images: v.number(), learned: v.number() })
const Took = v.object({ total: v.number(), batch: v.number(), run: v.number() })
const Profiled = v.object({ inModel: v.number(), peak: v.number() })

export interface Engine {
  images: number
  /** Numbers that a step changes by gradients. */
  learned: number
  step(): Promise<StepTime>
  /** The share of `Session.run` inside the model, and the most memory so far, bytes. Ends it. */
  profile(steps: number): Promise<v.InferOutput<typeof Profiled>>
  close(): void
}

/** Starts a case on a provider; with `kept` its parameters stay on the device between steps. */
export async function startEngine(
  name: CaseName,
  provider: Provider,
  kept: boolean
): Promise<Engine> {
  const worker = fileURLToPath(new URL('worker.ts', import.meta.url))
  // execArgv, and with it the TypeScript loader, is inherited.
  const child = fork(worker, [], { serialization: 'advanced' })
  const opened = v.parse(Opened, await ask(child, { task: 'open', name, provider, kept }))
  return {
    ...opened,
    step: async () => v.parse(Took, await ask(child, { task: 'step' })),
    profile: async (steps) => v.parse(Profiled, await ask(child, { task: 'profile', steps })),
    close: () => void child.kill('SIGKILL')
  }
}

async function ask(child: ChildProcess, message: object): Promise<unknown> {
  child.send(message)
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`the bench's worker ended (${String(signal ?? code)})`)
  })
  ended.catch(() => undefined) // it ends later too, when it is closed
  const [reply] = await Promise.race([once(child, 'message'), ended])
  const answer = v.parse(Reply, reply)
  if ('error' in answer) throw new Error(answer.error)
  return answer.result
}
