// Drives that are plugged in and out: folders that are mounted at other places. Needs what a small
// disk needs, see NO_SMALL_DISK. Test code only.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import type { Ending } from './endings.ts'

export interface Drives {
  /** Mounts what lies in `drive` at `point`, which is made. */
  plug(drive: string, point: string): void
  unplug(point: string): void
}

/** To be asked for before the folders in which they are mounted, which are removed after them. */
export function drives(context: Ending): Drives {
  const points = new Set<string>()
  context.after(() => {
    for (const point of [...points].reverse()) run('umount', ['--lazy', point])
  })
  return {
    plug(drive, point) {
      for (const path of [drive, point]) mkdirSync(path, { recursive: true })
      run('mount', ['--bind', drive, point])
      points.add(point)
    },
    unplug(point) {
      points.delete(point)
      run('umount', ['--lazy', point])
    }
  }
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
}
