// Builds the app into out/ when its sources changed since the last build. Set-up, plain Node.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, mustRun, say } from './machine.mjs'

const STAMP = join(ROOT, 'out/.sources')
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

function digestOfSources() {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    const files = source.includes('.') ? [source] : filesBelow(source).sort()
    for (const file of files)
      if (!NOT_SOURCE.test(file)) hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)))
  }
  return hash.digest('hex')
}

function lastDigest() {
  try {
    return readFileSync(STAMP, 'utf8')
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
  if (digest === lastDigest()) return
  say('building')
  rmSync(STAMP, { force: true })
  await mustRun('npm', ['run', '--silent', 'build'], { quiet: true })
  writeFileSync(STAMP, digest)
}
