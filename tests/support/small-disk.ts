// A disk of a chosen size: a file system in memory, mounted for a test. Needs Linux, and root or a
// namespace where one may mount, which `npm test` makes for the tier disks. Test code only.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmdirSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atEnd } from './endings.ts'
import type { Ending } from './endings.ts'

const NAME = 'kindred-test'

/** Why tests with small disks are skipped here; false where they run. */
export const NO_SMALL_DISK: string | false = reason()

function reason(): string | false {
  if (process.platform !== 'linux') return 'a disk of a chosen size is mounted on Linux only'
  const folder = mkdtempSync(join(tmpdir(), 'kindred-mount-'))
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', NAME, folder], { encoding: 'utf8' })
  if (status === 0) run('umount', [folder])
  rmdirSync(folder)
  return status === 0 ? false : `no disk may be mounted here: ${stderr.trim()}`
}

export interface SmallDisk {
  /** Bytes that are taken. */
  taken(): number
  /** Takes or gives room: so many bytes can still be written from now on. */
  leave(bytes: number): void
  /** Nothing can be written any more; or it can again. */
  close(isClosed: boolean): void
}

/** Mounts a disk of so many bytes at a path until the end of the test. */
export function smallDisk(t: Ending, path: string, bytes: number): SmallDisk {
  // All that there is to say: of a disk that it looks up `mount` repeats what a namespace forbids.
  const mount = (options: string): void => run('mount', ['-t', 'tmpfs', '-o', options, NAME, path])
  mkdirSync(path, { recursive: true })
  mount(`size=${bytes}`)
  atEnd(t, () => run('umount', ['--lazy', path]))
  let size = bytes
  const taken = (): number => {
    const { blocks, bfree, bsize } = statfsSync(path)
    return (blocks - bfree) * bsize
  }
  return {
    taken,
    leave(free) {
      size = taken() + free
      mount(`remount,size=${size}`)
    },
    close: (isClosed) => mount(`remount,size=${size},${isClosed ? 'ro' : 'rw'}`)
  }
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
}
