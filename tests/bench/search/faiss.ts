// faiss-cpu's FastScan as an engine of the search bench: a Python process that answers one query at
// a time, so that engines can take turns. Plain Node.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import type { Gallery } from './data.ts'

const python = process.env['PYTHON'] ?? 'python3'
const Loaded = v.object({ version: v.string(), codes: v.number() })
const Answer = v.object({ wall: v.number(), busy: v.number(), ids: v.array(v.number()) })

/** Why faiss cannot take part, with what to do about it; undefined when it can. */
export function faissMissing(): string | undefined {
  const { status } = spawnSync(python, ['-c', 'import faiss, numpy'], { stdio: 'ignore' })
  if (status === 0) return undefined
  return `${python} cannot import faiss: pip install faiss-cpu, or set PYTHON to one that has it.`
}

export interface Faiss {
  version: string
  /** Answers query number `query` of the gallery; times in milliseconds, `busy` of the CPU. */
  ask(query: number, k: number): Promise<v.InferOutput<typeof Answer>>
  close(): Promise<void>
}

/** Starts Python and gives it the gallery. */
export async function startFaiss({ codebooks, codes, queries }: Gallery): Promise<Faiss> {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-faiss-'))
  function file(name: string, data: Uint8Array | Float32Array): string {
    const path = join(folder, name)
    writeFileSync(path, data)
    return path
  }
  const script = fileURLToPath(new URL('fast-scan.py', import.meta.url))
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  async function tell(task: object): Promise<unknown> {
    child.stdin.write(`${JSON.stringify(task)}\n`)
    const { value, done } = await lines.next()
    if (done) throw new Error('faiss: the Python process ended')
    return JSON.parse(value)
  }
  const { M, L, values } = codebooks
  const { version } = v.parse(
    Loaded,
    await tell({
      M,
      L,
      codebooks: file('codebooks', values),
      codes: file('codes', codes),
      queries: file('queries', queries)
    })
  )
  rmSync(folder, { recursive: true })
  return {
    version,
    ask: async (query, k) => v.parse(Answer, await tell({ query, k })),
    async close() {
      child.stdin.end()
      if (child.exitCode === null) await once(child, 'exit')
    }
  }
}
