// `npm run -s kindred -- <command>`: the command line, built where its sources changed; from its
// sources where only what it needs is installed (`npm ci --omit=dev`). Plain Node.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureCommandLine } from './build.mjs'
import { ROOT } from './machine.mjs'

const SOURCE = join(ROOT, 'main/cli/kindred.ts')

/** In a process that tsx was loaded into from the start: its threads have it then, too. */
function runByTsx() {
  const loader = import.meta.resolve('tsx')
  const args = [`--import=${loader}`, SOURCE, ...process.argv.slice(2)]
  const child = spawn(process.execPath, args, { stdio: 'inherit' })
  // Ctrl-C reaches both; what the command does about it decides.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code) => (process.exitCode = code ?? 1))
}

const isForDevelopers = existsSync(join(ROOT, 'node_modules/vite'))
if (isForDevelopers) await import(pathToFileURL(await ensureCommandLine()).href)
else if (process.features.typescript) await import(pathToFileURL(SOURCE).href)
else runByTsx()
