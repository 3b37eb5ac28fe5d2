// Runs the jobs of the accuracy bench in worker processes; jobs of one library, bits and seed go to
// one worker, one after the other.
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Job, Outcome } from './jobs.ts'
import { TYPESCRIPT } from '../../support/typescript.ts'

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url))

interface Answer {
  outcome?: Outcome
  error?: string
}

/** Runs groups of jobs in so many processes. A job that fails ends the bench. */
export async function runAll(
  groups: readonly (readonly Job[])[],
  workers: number,
  onOutcome: (job: Job, outcome: Outcome) => void
): Promise<void> {
  const waiting = [...groups]
  await Promise.all(
    Array.from({ length: Math.min(workers, groups.length) }, async () => {
      const child = fork(WORKER, { execArgv: [...TYPESCRIPT] })
      try {
        for (let group = waiting.shift(); group; group = waiting.shift())
          for (const job of group) onOutcome(job, await ask(child, job))
      } finally {
        child.kill()
      }
    })
  )
}

function ask(child: ChildProcess, job: Job): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void =>
      reject(new Error(`a worker ended with ${code} on ${JSON.stringify(job)}`))
    child.once('exit', onExit)
    child.once('message', ({ outcome, error }: Answer) => {
      child.off('exit', onExit)
      if (outcome) resolve(outcome)
      else reject(new Error(`${JSON.stringify(job)}: ${error}`))
    })
    child.send(job)
  })
}
