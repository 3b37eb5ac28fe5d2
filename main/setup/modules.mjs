// Installs node_modules when they are missing or differ from package-lock.json. Set-up, plain Node.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, SetupError, mustRun, say } from './machine.mjs'

const LEAST_NODE = [20, 19]

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8')).packages
  } catch {
    return undefined // missing or half-written: as good as not installed
  }
}

/** True when npm's own record of what it installed names every version of the lock file. */
function areInstalled() {
  const wanted = packagesOf('package-lock.json')
  const present = packagesOf('node_modules/.package-lock.json')
  if (!wanted || !present) return false
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || present[path]?.version === entry.version
  )
}

/**
 * Makes node_modules agree with package-lock.json; does nothing when they do.
 * @throws {SetupError} Node is too old, or npm failed.
 */
export async function ensureModules() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1]))
    throw new SetupError(
      `Node ${LEAST_NODE.join('.')} or newer is needed; this is ${process.versions.node}`
    )
  if (areInstalled()) return
  say('installing the npm packages of package-lock.json')
  await mustRun('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
}
