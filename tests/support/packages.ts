// Packages of the app, made for a test with the test runtime in them, and what lies in them.
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'
import { ROOT } from './electron.ts'

/** Makes packages as `npm run package` does, lightly packed, into a folder; returns their files. */
export async function makePackages(folder: string, targets: readonly string[]): Promise<string[]> {
  const script = join(ROOT, 'main/setup/package.mjs')
  const options = ['--test-runtime', '--fast', '--output', folder, '--targets', targets.join()]
  const { ELECTRON_OVERRIDE_DIST_PATH: _none, ...env } = process.env
  await promisify(execFile)(process.execPath, [script, ...options], { env })
  return readdirSync(folder).map((name) => join(folder, name))
}

/** Unpacks a deb into an empty folder by dpkg itself, which keeps its records there, too. */
export function unpackDeb(deb: string, root: string): void {
  const records = join(root, 'var/lib/dpkg')
  for (const name of ['info', 'updates', 'triggers'])
    mkdirSync(join(records, name), { recursive: true })
  for (const name of ['status', 'available']) writeFileSync(join(records, name), '')
  const options = [`--root=${root}`, '--force-not-root', '--log=/dev/null']
  execFileSync('dpkg', [...options, '--unpack', deb], { stdio: 'pipe' })
}

/** The fields of a deb. */
export function fieldsOf(deb: string): Map<string, string> {
  const told = execFileSync('dpkg-deb', ['--field', deb], { encoding: 'utf8' })
  return new Map(
    [...told.matchAll(/^(\S+): (.*(?:\n .*)*)/gm)].map(([, name = '', value = '']) => [name, value])
  )
}

/** Every file below a folder, by its path from there, with the SHA-256 of its bytes. */
export function digestsBelow(folder: string, path = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
    const child = join(path, entry.name)
    if (entry.isDirectory()) for (const pair of digestsBelow(folder, child)) found.set(...pair)
    else
      found.set(child, createHash('sha256').update(readFileSync(join(folder, child))).digest('hex'))
  }
  return found
}

/**
 * A second executable of a package that may be debugged, so that Playwright gets in: the fuses of
 * the real one leave no way, as they should. All else is the package as it is.
 */
export async function debuggable(executable: string): Promise<string> {
  const copy = `${executable}-debuggable`
  copyFileSync(executable, copy)
  await flipFuses(copy, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true
  })
  return copy
}

/** The libraries that an executable is linked with, and these in turn: paths on this machine. */
export function librariesOf(executable: string): string[] {
  const told = execFileSync('ldd', [executable], { encoding: 'utf8' })
  return [...told.matchAll(/=> (\/\S+)/g)].map(([, path = '']) => path)
}

function queried(format: string, names: readonly string[]): string[] {
  const told = execFileSync('dpkg-query', ['-W', '-f', `${format}\n`, ...names], {
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20 // of all packages of a machine
  })
  return told.split('\n').filter((line) => line !== '')
}

/** `a (>= 1) | b, c:any` as `a`, `b` and `c`. */
function namesIn(relation: string): string[] {
  return relation
    .split(/[,|]/)
    .map((name) => name.replace(/\(.*?\)/, '').replace(/:\w+/, '').trim())
    .filter((name) => name !== '')
}

/** Which of this machine's packages are there where a package with such Depends is installed. */
export function installedWith(depends: string): Set<string> {
  const needs = new Map<string, string[]>()
  const providers = new Map<string, string[]>()
  for (const line of queried('${Package}\t${Provides}\t${Pre-Depends},${Depends}', [])) {
    const [name = '', provides = '', wanted = ''] = line.split('\t')
    needs.set(name, namesIn(wanted))
    for (const provided of [name, ...namesIn(provides)])
      providers.set(provided, [...(providers.get(provided) ?? []), name])
  }
  const found = new Set<string>()
  const left = namesIn(depends)
  for (let name = left.pop(); name !== undefined; name = left.pop())
    for (const provider of providers.get(name) ?? []) {
      if (found.has(provider)) continue
      found.add(provider)
      left.push(...(needs.get(provider) ?? []))
    }
  return found
}

/**
 * The packages of Debian that files of this machine belong to, by their paths.
 * @throws {Error} a file that belongs to none.
 */
export function packagesOf(paths: readonly string[]): Map<string, string> {
  // Some packages still record /lib for what lies in /usr/lib: each is asked for by all its names.
  const namesOf = (path: string): string[] => [path, path.replace(/^\/usr/, ''), `/usr${path}`]
  // Its status tells that some of the names are unknown, which most are.
  const { stdout } = spawnSync('dpkg-query', ['-S', ...paths.flatMap(namesOf)], {
    encoding: 'utf8'
  })
  const owners = new Map(
    [...stdout.matchAll(/^([^:\s]+)(?::\w+)?: (\/.*)$/gm)].map(([, name = '', path = '']) => [
      path,
      name
    ])
  )
  return new Map(
    paths.map((path) => {
      const known = namesOf(path).find((name) => owners.has(name))
      if (known === undefined) throw new Error(`${path}: belongs to no package of Debian`)
      return [path, owners.get(known) ?? '']
    })
  )
}
