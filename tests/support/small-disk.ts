// A disk of a chosen size: a file system in memory, mounted for a test. Needs root on Linux. Test
// code only.
import { spawnSync } from 'node:child_process'
import { mkdirSync, statfsSync } from 'node:fs'
import type { TestContext } from 'node:test'

/** Why tests with small disks are skipped here; false where they run. */
export const NO_SMALL_DISK: string | false =
  process.platform === 'linux' && process.getuid?.() === 0
    ? false
    : 'a disk of a chosen size is mounted by root on Linux only'

export interface SmallDisk {
  /** Bytes that are taken. */
  taken(): number
  /** Takes or gives room: so many bytes can still be written from now on. */
  leave(bytes: number): void
  /** Nothing can be written any more; or it can again. */
  close(isClosed: boolean): void
}

/** Mounts a disk of so many bytes at a path until the end of the test. */
export function smallDisk(context: TestContext, path: string, bytes: number): SmallDisk {
  mkdirSync(path, { recursive: true })
  run('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'kindred-test', path])
  context.after(() => run('umount', ['--lazy', path]))
  const taken = (): number => {
    const { blocks, bfree, bsize } = statfsSync(path)
    return (blocks - bfree) * bsize
  }
  return {
    taken,
    leave: (free) => run('mount', ['-o', `remount,size=${taken() + free}`, path]),
    close: (isClosed) => run('mount', ['-o', `remount,${isClosed ? 'ro' : 'rw'}`, path])
  }
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
}
