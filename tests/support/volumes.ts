// Drives with file systems of their own, each with its UUID: images on loop devices, with the links
// that udev would make. Needs Linux, root and loop devices. Test code only.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atEnd } from './endings.ts'
import type { Ending } from './endings.ts'

const BY_UUID = '/dev/disk/by-uuid'

/** Why tests with volumes are skipped here; false where they run. */
export const NO_VOLUMES: string | false = reason()

function reason(): string | false {
  if (process.platform !== 'linux') return 'volumes are mounted on Linux only'
  if (process.getuid?.() !== 0) return 'loop devices are for root'
  if (spawnSync('mkfs.ext4', ['-V']).status !== 0) return 'mkfs.ext4 is not here'
  const free = spawnSync('losetup', ['--find'], { encoding: 'utf8' })
  const device = free.stdout.trim()
  if (free.status !== 0 || !existsSync(device)) return 'no loop device is free'
  return canOpen(device) ? false : 'loop devices are for root'
}

/** False for the root of a namespace, as `npm test` makes one: that is another user outside it. */
function canOpen(device: string): boolean {
  try {
    accessSync(device, constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}

export interface Volume {
  mount(point: string): void
  unmount(): void
}

/**
 * A drive with these files, and what each holds. To be made before the folders in which it is
 * mounted, which are removed after it.
 */
export function volume(t: Ending, files: Readonly<Record<string, string>>): Volume {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-volume-'))
  atEnd(t, () => rmSync(folder, { recursive: true, force: true }))
  const image = join(folder, 'image')
  const content = join(folder, 'content')
  for (const [path, words] of Object.entries(files)) {
    mkdirSync(join(content, path, '..'), { recursive: true })
    writeFileSync(join(content, path), words)
  }
  writeFileSync(image, new Uint8Array(4e6))
  run('mkfs.ext4', ['-q', '-d', content, image])
  const device = run('losetup', ['--find', '--show', image])
  const link = join(BY_UUID, run('blkid', ['-p', '-s', 'UUID', '-o', 'value', device]))
  const isOurs = !existsSync(link)
  mkdirSync(BY_UUID, { recursive: true })
  if (isOurs) symlinkSync(device, link)
  let at: string | undefined
  const unmount = (): void => {
    if (at !== undefined) run('umount', [at])
    at = undefined
  }
  atEnd(t, () => {
    unmount()
    if (isOurs) rmSync(link)
    run('losetup', ['--detach', device])
  })
  return {
    mount(point) {
      mkdirSync(point, { recursive: true })
      run('mount', [device, point])
      at = point
    },
    unmount
  }
}

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
  return stdout.trim()
}
