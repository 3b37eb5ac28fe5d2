// A Python with the packages that read exports, for the tier engines: in the user's cache, made
// once from exact versions. Set-up, plain Node without dependencies.
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, cacheFolder, run, say } from './machine.mjs'

const REQUIREMENTS = 'tests/engines/requirements.txt' // from the root, where commands run
const COMMAND = process.env.PYTHON || 'python3'

/** The version of Python that a command runs, as 3.11.7; undefined where it runs none. */
function versionOf(command) {
  const code = 'import sys, venv; print("%d.%d.%d" % sys.version_info[:3])'
  const { status, stdout } = spawnSync(command, ['-c', code], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

/** Another name for each set of packages and each Python. */
function folderName(version) {
  const requirements = createHash('sha256').update(readFileSync(join(ROOT, REQUIREMENTS)))
  return `python-${version}-${requirements.digest('hex').slice(0, 12)}`
}

async function make(folder, work) {
  const into = join(work, 'venv')
  const quiet = { quiet: true }
  if ((await run(COMMAND, ['-m', 'venv', into], quiet)) !== 0)
    return `${COMMAND} -m venv does not work (Debian: apt-get install python3-venv)`
  const options = ['--quiet', '--disable-pip-version-check', '--only-binary=:all:', '--no-deps']
  const pip = ['-m', 'pip', 'install', ...options, '-r', REQUIREMENTS]
  if ((await run(join(into, 'bin/python'), pip, quiet)) !== 0)
    return `the packages of ${REQUIREMENTS} could not be installed`
  try {
    renameSync(into, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error // else another set-up was first with the same
  }
  return undefined
}

/**
 * The Python that reads exports: `{ version, executable }`, or `{ missing }`, a line that says why
 * there is none here.
 */
export async function ensurePython() {
  const version = versionOf(COMMAND)
  if (version === undefined) return { missing: `${COMMAND} with its module venv is not here` }
  const folder = join(cacheFolder(), folderName(version))
  const found = { version, executable: join(folder, 'bin/python') }
  if (existsSync(found.executable)) return found
  say(`making a Python ${version} with the packages of ${REQUIREMENTS}`)
  const work = join(cacheFolder(), `unfinished-${process.pid}-${randomBytes(4).toString('hex')}`)
  mkdirSync(work, { recursive: true })
  try {
    const missing = await make(folder, work)
    if (missing !== undefined) say(`${missing}: tests of engines are skipped`)
    return missing === undefined ? found : { missing }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
