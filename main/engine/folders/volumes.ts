// Which volume a mounted drive or share is, whatever the place and the name of its device: the UUID
// of its file system, the address of a share. Runs in the writer; asks nothing of what is mounted,
// which may hang.
//
// [Note: volumes] On Linux udev keeps a link to each device by the UUID of its file system. Where
// the system tells none, in a container say, nothing is known, and drives are told by place and
// photos alone. Windows and macOS have the same: the volume's GUID path (GetVolumeNameForVolume
// MountPoint) and the VolumeUUID of diskutil. Whoever adds them gives `currentMounts` their list of
// mounts and `volumeOf` their names; nothing else asks the system.
import { readdir, realpath } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { FolderRow } from '../../catalogue/folder-table.ts'
import type { MountRow } from '../../catalogue/mount-table.ts'
import { mountHolding } from '../../wire/disk/mount-list.ts'
import type { Mount, Mounts } from '../../wire/disk/mount-list.ts'

const BY_UUID = '/dev/disk/by-uuid'
/** File systems of shares, whose source is an address. */
const SHARES: ReadonlySet<string> = new Set(['cifs', 'smb3', 'nfs', 'nfs4', 'fuse.sshfs', '9p'])

/** The name of what is mounted, the same wherever it is mounted; undefined where none is known. */
async function volumeOf({ root, type, source }: Mount): Promise<string | undefined> {
  const part = root === '/' ? '' : ` ${root}`
  if (SHARES.has(type)) return `share ${source}${part}`
  if (!source.startsWith('/dev/')) return undefined
  const device = await realpath(source).catch(() => undefined)
  for (const uuid of await readdir(BY_UUID).catch(() => [])) {
    const linked = await realpath(join(BY_UUID, uuid)).catch(() => undefined)
    if (device !== undefined && linked === device) return `uuid ${uuid}${part}`
  }
  return undefined
}

/** Which volume is mounted at a point. */
export async function volumeAt(mounts: Mounts, point: string): Promise<string | null> {
  const mount = mounts.get(point)
  return (mount && (await volumeOf(mount))) ?? null
}

/** Both are known, and are not the same. */
export function isAnother(known: MountRow | undefined, volume: string | null): boolean {
  return known?.volume != null && volume !== null && known.volume !== volume
}

/**
 * Where a folder that is away lies now, by its volume and the path within that: the same drive is
 * mounted at another place.
 */
export async function placeByVolume(
  catalogue: Catalogue,
  folder: FolderRow,
  mounts: Mounts
): Promise<string | undefined> {
  const known = catalogue.mounts.ofFolder(folder.id).find(({ directory }) => directory === '')
  if (known?.volume == null) return undefined
  for (const point of mounts.keys()) {
    if (point === known.point || (await volumeAt(mounts, point)) !== known.volume) continue
    const path = join(point, relative(known.point, folder.path))
    if (mountHolding(mounts, path) === point) return path
  }
  return undefined
}
