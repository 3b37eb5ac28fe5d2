// Runs the command line as a user does, in a process of its own: `npm run -s kindred` without npm.
// So, too, the bench that makes a large library.
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { TYPESCRIPT } from './typescript.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

export interface Started {
  child: ChildProcess
  ended: Promise<Ran>
}

/** Starts a command without waiting for it. */
export function startKindred(...args: string[]): Started {
  return startScript(['main/setup/kindred.mjs'], args)
}

/** Runs a command to its end. */
export function kindred(...args: string[]): Promise<Ran> {
  return startKindred(...args).ended
}

/** Starts `npm run bench -- simulate`, which makes a large library without photos. */
export function startSimulation(...args: string[]): Started {
  return startScript([...TYPESCRIPT, 'tests/bench/simulate.bench.ts'], args)
}

/** Makes a large library without photos: `npm run bench -- simulate`, to its end. */
export function simulate(...args: string[]): Promise<Ran> {
  return startSimulation(...args).ended
}

function startScript(script: readonly string[], args: readonly string[]): Started {
  const child = spawn(process.execPath, [...script, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const ran: Ran = { code: null, stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.stderr += text))
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ ...ran, code }))
  })
  return { child, ended }
}
