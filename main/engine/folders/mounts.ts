// Drives and shares below a folder, and the one that it lies on, of the system's list of mounts.
// Pure.
import { isFarAway, mountHolding } from '../../wire/disk/mount-list.ts'
import type { Mounts } from '../../wire/disk/mount-list.ts'
import { isInside } from '../photo-paths.ts'

/** Where something is mounted below a path, not on it. */
export function mountsBelow(mounts: Mounts, path: string): string[] {
  return [...mounts.keys()].filter((point) => point !== path && isInside(point, path))
}

/** True where what a path lies on is far away, so that it is not watched. */
export function isFar(mounts: Mounts | undefined, path: string): boolean {
  const point = mounts && mountHolding(mounts, path)
  const mount = point === undefined ? undefined : mounts?.get(point)
  return mount !== undefined && isFarAway(mount)
}
