// What is mounted where, as Linux tells it: drives and shares. Pure: whoever reads the list gives
// it. Asks nothing of what is mounted, which may hang.
import { systemCodeOf } from '../system-fault.ts'

/** The system's list, one line for each mount; see proc_pid_mountinfo(5). */
export const MOUNT_LIST = '/proc/self/mountinfo'

/** What is mounted somewhere. */
export interface Mount {
  /** Another one when the same is mounted again. */
  id: string
  /** The part of the file system that is mounted: '/' is all of it. */
  root: string
  type: string // of the file system
  source: string // a device, the address of a share, any word
}

/** By the path where it is mounted; of several at one path the last, which hides the others. */
export type Mounts = ReadonlyMap<string, Mount>

/** File systems whose files another computer has. */
const NETWORK: ReadonlySet<string> = new Set(
  (
    'nfs nfs4 cifs smb3 smbfs 9p afs ceph coda davfs fuse.ceph-fuse fuse.curlftpfs fuse.gvfsd-fuse ' +
    'fuse.glusterfs fuse.google-drive-ocamlfuse fuse.kio-fuse fuse.lustre fuse.rclone fuse.s3fs ' +
    'fuse.smbnetfs fuse.sshfs glusterfs lustre ncpfs'
  ).split(' ')
)

/** A program behind a mount may ask anybody; of these it is known that they ask a disk. */
const LOCAL_PROGRAMS: ReadonlySet<string> = new Set(
  'fuse.bindfs fuse.encfs fuse.gocryptfs fuse.mergerfs fuse.ntfs-3g fuse.unionfs'.split(' ')
)

/** What the system's list says. */
export function parseMounts(list: string): Mounts {
  // 36 35 98:0 /part /mnt/usb rw,noatime master:1 - ext3 /dev/sdb1 rw
  const mounts = new Map<string, Mount>()
  for (const line of list.split('\n')) {
    const words = line.split(' ').map(unescaped)
    const [id = '', , , root = '/', point] = words
    const [type = '', source = ''] = words.slice(words.indexOf('-') + 1)
    if (point !== undefined) mounts.set(point, { id, root, type, source })
  }
  return mounts
}

/** The same, as the list is read; undefined where the system has none. */
export function mountsBy(read: () => string): Mounts | undefined {
  try {
    return parseMounts(read())
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error
    return undefined
  }
}

/** Where what a path lies on is mounted. */
export function mountHolding(mounts: Mounts, path: string): string | undefined {
  for (let at = path; at !== ''; at = at.slice(0, at.lastIndexOf('/')))
    if (mounts.has(at)) return at
  return mounts.has('/') && path.startsWith('/') ? '/' : undefined
}

/**
 * True where changes that others make are not told, and a watch itself may hang: the files are
 * another computer's, or a program's of which it is not known where it has them from.
 */
export function isFarAway({ type }: Mount): boolean {
  const isProgram = type === 'fuse' || type.startsWith('fuse.')
  return NETWORK.has(type) || (isProgram && !LOCAL_PROGRAMS.has(type))
}

/** The list has spaces and line ends as octal numbers: '\040'. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8))
  )
}
