// A folder that gives errors when it is told to: faulty-folder.py, mounted for a test. Needs what a
// small disk needs, /dev/fuse and Debian's python3-fusepy, which set-up installs. Test code only.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { atEnd } from './endings.ts'
import type { Ending } from './endings.ts'
import { NO_SMALL_DISK } from './small-disk.ts'

const SCRIPT = join(import.meta.dirname, 'faulty-folder.py')
// Debian's own Python has the module; another that comes first in the path does not.
const PYTHON = '/usr/bin/python3'

/** Why tests with faulty folders are skipped here; false where they run. */
export const NO_FAULTY_FOLDER: string | false = reason()

function reason(): string | false {
  if (NO_SMALL_DISK !== false) return NO_SMALL_DISK
  try {
    closeSync(openSync('/dev/fuse', 'r+')) // access may be allowed, and opening not
  } catch (error) {
    return `a folder that gives errors needs /dev/fuse: ${String(error)}`
  }
  const hasModule = spawnSync(PYTHON, ['-c', 'import fusepy']).status === 0
  return hasModule ? false : "Debian's python3-fusepy is missing"
}

type Call = 'open' | 'read' | 'list' | 'stat' | 'any'

export interface FaultyFolder {
  /**
   * From now on calls fail: of opening files, of reading beyond a byte, of listing, or all.
   * `part`: only of paths that have this in them.
   */
  refuse(call: Call, error: keyof typeof constants.errno, from?: number, part?: string): void
  /** From now on calls are not answered; what was asked by then is when another order comes. */
  hang(call: Call, part?: string): void
  /** All is well again. */
  obey(): void
}

/** Shows a folder at `path`, until the end of the test. */
export async function faultyFolder(
  t: Ending,
  folder: string,
  path: string
): Promise<FaultyFolder> {
  const order = `${path}.order`
  writeFileSync(order, '')
  mkdirSync(path)
  const server = spawn(PYTHON, [SCRIPT, folder, path, order], { stdio: 'inherit' })
  const ended = once(server, 'exit')
  atEnd(t, async () => {
    tell('')
    spawnSync('umount', ['--lazy', path])
    await ended
  })
  while (!isMounted(path)) {
    if (server.exitCode !== null) throw new Error(`${SCRIPT} ended with ${server.exitCode}`)
    await sleep(10)
  }
  function tell(words: string): void {
    writeFileSync(`${order}.new`, words)
    renameSync(`${order}.new`, order) // never half of an order
  }
  return {
    refuse: (call, error, from = 0, part = '') =>
      tell(`${call} ${constants.errno[error]} ${from} ${part}`),
    hang: (call, part = '') => tell(`${call} hang 0 ${part}`),
    obey: () => tell('')
  }
}

function isMounted(path: string): boolean {
  return spawnSync('mountpoint', ['-q', path]).status === 0
}
