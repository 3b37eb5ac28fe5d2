// Drives and shares below a folder, and the one that it lies on, of the system's list of mounts.
// Pure.
import { dirname, relative, sep } from 'node:path'
import { isFarAway, mountHolding } from '../../wire/disk/mount-list.ts'
import type { Mounts } from '../../wire/disk/mount-list.ts'
import { isInside } from '../photo-paths.ts'

/** Where something is mounted below a path, not on it. */
export function mountsBelow(mounts: Mounts, path: string): string[] {
  return [...mounts.keys()].filter((point) => point !== path && isInside(point, path))
}

/**
 * Mounts below a folder that are far away and that looking through it, or watching it, meets: a
 * watch asks for all that lies in a directory, mounts as well. `isLookedAt`: of directories below
 * the folder.
 */
export function farBelow(
  mounts: Mounts,
  folder: string,
  isLookedAt: (directory: string) => boolean
): string[] {
  return mountsBelow(mounts, folder).filter((point) => {
    const directory = relative(folder, dirname(point)).split(sep).join('/')
    return isFar(mounts, point) && (directory === '' || isLookedAt(directory))
  })
}

/** True where what a path lies on is far away, so that it is not watched. */
export function isFar(mounts: Mounts | undefined, path: string): boolean {
  const point = mounts && mountHolding(mounts, path)
  const mount = point === undefined ? undefined : mounts?.get(point)
  return mount !== undefined && isFarAway(mount)
}
