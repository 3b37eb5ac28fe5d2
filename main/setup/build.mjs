// Builds the app and the command line into out/ when their sources changed since the last build.
// Set-up, plain Node.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, SetupError, mustRun, say } from './machine.mjs'
import { wholeFolder } from './whole-folder.mjs'

const STAMP = join(ROOT, 'out/.sources')
const COMMAND_LINE = join(ROOT, 'out/command-line')
const BUILD_COMMAND_LINE = join(ROOT, 'main/setup/command-line.mjs')
const SOURCES = [
  'main',
  'renderer',
  'model',
  'electron.config.ts',
  'package.json',
  'package-lock.json'
]
// Data the bundle does not contain, and too large to be read at each start.
const NOT_SOURCE = /\.(onnx|bin)$/

function filesBelow(path) {
  const entries = readdirSync(join(ROOT, path), { withFileTypes: true })
  return entries.flatMap((entry) => {
    const child = `${path}/${entry.name}`
    return entry.isDirectory() ? filesBelow(child) : [child]
  })
}

/** Of all that the app and the command line are built from: sha-256, hexadecimal. */
export function digestOfSources() {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    const files = source.includes('.') ? [source] : filesBelow(source).sort()
    for (const file of files)
      if (!NOT_SOURCE.test(file)) hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)))
  }
  return hash.digest('hex')
}

function digestIn(stamp) {
  try {
    return readFileSync(stamp, 'utf8')
  } catch {
    return undefined // never built
  }
}

/**
 * Builds when the sources differ from those of the last complete build.
 * @throws {SetupError} the build failed; the next call builds again.
 */
export async function ensureBuild() {
  const digest = digestOfSources()
  if (digest === digestIn(STAMP)) return
  say('building')
  rmSync(STAMP, { force: true })
  await mustRun('npm', ['run', '--silent', 'build'], { quiet: true })
  writeFileSync(STAMP, digest)
}

/**
 * As `ensureBuild`, of the command line alone, which starts in a fraction of the time then. Each
 * state of the sources has a folder of its own: a command starts compute and threads from the one
 * it began in, whatever is built meanwhile.
 * @returns its first file; compute-process.js and the threads lie beside it.
 * @throws {SetupError} the build failed, or there is no writing into out/.
 */
export async function ensureCommandLine() {
  const key = digestOfSources().slice(0, 16)
  try {
    const folder = await wholeFolder(COMMAND_LINE, key, async (fresh) => {
      say('building the command line')
      await mustRun(process.execPath, [BUILD_COMMAND_LINE, fresh], { quiet: true })
    })
    return join(folder, 'kindred.js')
  } catch (error) {
    throw error.code ? new SetupError(error.message) : error
  }
}
