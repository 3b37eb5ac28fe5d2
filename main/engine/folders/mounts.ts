// What is mounted where, as Linux tells it: drives and shares below a folder, and the one that it
// lies on. Runs in the writer; reads one small file of the system and asks nothing of what is
// mounted, which may hang. On other systems nothing is known.
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { systemCodeOf } from '../../wire/system-fault.ts'
import { isInside } from '../photo-paths.ts'

/** What is mounted somewhere. */
export interface Mount {
  /** The part of the file system that is mounted: '/' is all of it. */
  root: string
  type: string // of the file system
  source: string // a device, the address of a share, any word
}

/** By the path where it is mounted; of several at one path the last, which hides the others. */
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

/** What the system's list says. Pure. */
export function parseMounts(list: string): Mounts {
  // 36 35 98:0 /part /mnt/usb rw,noatime master:1 - ext3 /dev/sdb1 rw
  const mounts = new Map<string, Mount>()
  for (const line of list.split('\n')) {
    const words = line.split(' ').map(unescaped)
    const [, , , root = '/', point] = words
    const [type = '', source = ''] = words.slice(words.indexOf('-') + 1)
    if (point !== undefined) mounts.set(point, { root, type, source })
  }
  return mounts
}

/** Where what a path lies on is mounted. */
export function mountHolding(mounts: Mounts, path: string): string | undefined {
  for (let at = path; ; at = dirname(at)) {
    if (mounts.has(at)) return at
    if (at === dirname(at)) return undefined
  }
}

/** Where something is mounted below a path, not on it. */
export function mountsBelow(mounts: Mounts, path: string): string[] {
  return [...mounts.keys()].filter((point) => point !== path && isInside(point, path))
}

/** The list has spaces and line ends as octal numbers: '\040'. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8))
  )
}
