// Tests that fill up or break a disk mount one of their own: as root, or in a namespace, where any
// user may. Set-up, plain Node without dependencies.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const NAMESPACE = ['unshare', '--map-root-user', '--mount']
const TRY = 'mount -t tmpfs kindred-test "$0" && umount "$0"'

function canMount(prefix) {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-mount-'))
  try {
    const [command, ...args] = [...prefix, 'sh', '-c', TRY, folder]
    return spawnSync(command, args, { stdio: 'ignore' }).status === 0
  } finally {
    rmdirSync(folder)
  }
}

/** What comes before a command that mounts disks; empty where it may do so, or nobody may. */
export function mountingPrefix() {
  return !canMount([]) && canMount(NAMESPACE) ? NAMESPACE : []
}
