// `npm run -s kindred -- <command>`: the command line, built where its sources changed; from its
// sources where only what it needs is installed (`npm ci --omit=dev`), or the build fails. Plain
// Node.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureCommandLine } from './build.mjs'
import { ROOT, SetupError, say } from './machine.mjs'

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

/** The built command line; undefined where there is none and none can be built, which is told. */
async function built() {
  if (!existsSync(join(ROOT, 'node_modules/vite'))) return undefined
  try {
    return await ensureCommandLine()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(`the command line was not built, and runs from its sources: ${error.message}`)
    return undefined
  }
}

/**
 * A Node that can (from 22.8 on) keeps what it compiles for the next command, which begins sooner
 * by a quarter of a second; so do the processes that are started from this one.
 */
function keepCompiled() {
  if (!module.enableCompileCache) return
  process.env.NODE_COMPILE_CACHE ??= join(ROOT, 'node_modules/.cache/node')
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE)
}

const entry = await built()
keepCompiled()
if (entry) await import(pathToFileURL(entry).href)
else if (process.features.typescript) await import(pathToFileURL(SOURCE).href)
else runByTsx()
