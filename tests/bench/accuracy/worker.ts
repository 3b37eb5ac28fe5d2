// A worker of the accuracy bench: a process that runs one job after the other. Sent a job, it
// answers with the outcome.
import { runJob } from './jobs.ts'
import type { Job } from './jobs.ts'

process.on('message', (job: Job) => {
  runJob(job).then(
    (outcome) => process.send?.({ outcome }),
    (error: unknown) => {
      const text = error instanceof Error ? error.stack : error
      process.send?.({ error: String(text) })
    }
  )
})
