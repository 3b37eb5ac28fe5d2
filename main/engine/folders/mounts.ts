// What is mounted where, as Linux tells it: drives and shares below a folder, and the one that it
// lies on. Runs in the writer; reads one small file of the system and asks nothing of what is
// mounted, which may hang. On other systems nothing is known.
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { systemCodeOf } from '../../wire/system-fault.ts'
import { isInside } from '../photo-paths.ts'

export interface Mount {
  /** Where it is mounted. */
  point: string
  /** Kind of its file system: 'ext4', 'nfs4', 'fuse.sshfs'. */
  type: string
}

/** By the path where they are mounted; of several at one path the one that is seen. */
export type Mounts = ReadonlyMap<string, Mount>

/** One line for each mount, see proc_pid_mountinfo(5). */
const LIST = '/proc/self/mountinfo'

/** What is mounted now; undefined where the system does not tell. */
export async function currentMounts(): Promise<Mounts | undefined> {
  try {
    return parseMounts(await readFile(LIST, 'utf8'))
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error
    return undefined
  }
}

/** The mounts in the system's list. Pure. */
export function parseMounts(list: string): Mounts {
  const mounts = new Map<string, Mount>()
  for (const line of list.split('\n')) {
    // 36 35 98:0 /part /mnt/usb rw,noatime master:1 - ext3 /dev/sdb1 rw
    const [before = '', after = ''] = line.split(' - ')
    const point = before.split(' ')[4]
    const type = after.split(' ')[0]
    if (point && type) mounts.set(unescaped(point), { point: unescaped(point), type })
  }
  return mounts
}

/** The mount that a path lies on. */
export function mountHolding(mounts: Mounts, path: string): Mount | undefined {
  for (let at = path; ; at = dirname(at)) {
    const mount = mounts.get(at)
    if (mount || at === dirname(at)) return mount
  }
}

/** The mounts below a path, not the one on it. */
export function mountsBelow(mounts: Mounts, path: string): Mount[] {
  return [...mounts.values()].filter(({ point }) => point !== path && isInside(point, path))
}

/** The list has spaces and line ends as octal numbers: '\040'. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8))
  )
}
