// A Python with the packages that read exports, for the tier engines: in the user's cache, made
// once from exact versions. Set-up, plain Node without dependencies.
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, run, say } from './machine.mjs'

const PACKAGES = ['numpy==2.4.6', 'pyarrow==26.0.1', 'faiss-cpu==1.15.1']
const COMMAND = process.env.PYTHON || 'python3'

/** The version of Python that a command runs, as 3.11.7; undefined where it runs none. */
function versionOf(command) {
  const code = 'import sys, venv; print("%d.%d.%d" % sys.version_info[:3])'
  const { status, stdout } = spawnSync(command, ['-c', code], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

/** Another name for each set of packages and each Python. */
function folderName(version) {
  const packages = PACKAGES.map((one) => one.replace('==', '-')).join('-')
  return `python-${version}-${packages}`
}

async function make(folder, work) {
  const into = join(work, 'venv')
  const quiet = { quiet: true }
  if ((await run(COMMAND, ['-m', 'venv', into], quiet)) !== 0)
    return `${COMMAND} -m venv does not work (Debian: apt-get install python3-venv)`
  const options = ['--quiet', '--disable-pip-version-check', '--only-binary=:all:']
  const pip = ['-m', 'pip', 'install', ...options, ...PACKAGES]
  if ((await run(join(into, 'bin/python'), pip, quiet)) !== 0)
    return `${PACKAGES.join(', ')} could not be installed`
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
  say(`making a Python with ${PACKAGES.join(', ')}`)
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
