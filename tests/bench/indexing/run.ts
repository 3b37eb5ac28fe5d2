// One run of `kindred index` in a checkout, and what all its processes took.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { familyOf, processorSeconds, proportional } from '../processes.ts'

/** Between two looks at the processes, ms. */
const LOOK_EVERY = 250

const Answer = v.object({
  indexed: v.number(),
  failed: v.number(),
  seconds: v.number(),
  photosPerSecond: v.number(),
  computeBusy: v.number()
})

export interface Run extends v.InferOutput<typeof Answer> {
  /** Of all processes: the most memory at once; processor time a photo, start and end included. */
  peakMegabytes: number
  processorMilliseconds: number
}

/** Indexes a folder into a new library. `root`: the checkout. */
export async function indexed(root: string, folder: string): Promise<Run> {
  const library = mkdtempSync(join(tmpdir(), 'kindred-bench-library-'))
  try {
    const args = ['--import', 'tsx', 'main/cli/kindred.ts', 'index', folder, '--library', library]
    const child = spawn(process.execPath, [...args, '--json'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe']
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    let peakMegabytes = 0
    const seconds = new Map<number, number>()
    const timer = setInterval(() => {
      let megabytes = 0
      for (const pid of familyOf(child.pid ?? Number.NaN)) {
        megabytes += proportional(pid) ?? 0
        const taken = processorSeconds(pid)
        if (taken !== undefined) seconds.set(pid, taken)
      }
      peakMegabytes = Math.max(peakMegabytes, megabytes)
    }, LOOK_EVERY)
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    clearInterval(timer)
    if (code !== 0) throw new Error(`${root}: kindred index ended with ${String(code)}\n${stderr}`)
    const answer = v.parse(Answer, JSON.parse(stdout))
    const all = [...seconds.values()].reduce((sum, each) => sum + each, 0)
    const photos = Math.max(1, answer.indexed)
    return { ...answer, peakMegabytes, processorMilliseconds: (all * 1000) / photos }
  } finally {
    rmSync(library, { recursive: true, force: true, maxRetries: 20 })
  }
}
