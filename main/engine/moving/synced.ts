// Waits until a disk holds what was written to it. Runs in the writer.
import { chmod, open, stat } from 'node:fs/promises'
import { systemCodeOf } from '../../wire/system-fault.ts'

/** Waits until the disk holds the bytes of a file. */
export async function synced(path: string, platform = process.platform): Promise<void> {
  // Reading is enough, since the copy of a file that may not be written may not either.
  if (platform !== 'win32') return syncedAs(path, 'r')
  // On Windows only what is open for writing can be synced: others fail with EPERM.
  const { mode } = await stat(path)
  const isWritable = (mode & 0o200) !== 0
  if (!isWritable) await chmod(path, mode | 0o200)
  try {
    await syncedAs(path, 'r+')
  } finally {
    if (!isWritable) await chmod(path, mode)
  }
}

/**
 * Waits until the disk holds the names of a directory. Windows has no such call, and some file
 * systems cannot tell: EINVAL.
 */
export async function syncDirectory(path: string, platform = process.platform): Promise<void> {
  if (platform === 'win32') return
  try {
    await synced(path, platform)
  } catch (error) {
    const code = systemCodeOf(error)
    if (code !== 'EINVAL' && code !== 'ENOTSUP') throw error
  }
}

async function syncedAs(path: string, flags: 'r' | 'r+'): Promise<void> {
  const handle = await open(path, flags)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
