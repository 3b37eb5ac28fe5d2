// The folder that an export is written to. Files have other names until all of them are whole, so
// that whoever finds one under its own name can read it. Runs in the command line's process.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync } from 'node:fs'
import { renameSync, rmSync, rmdirSync, statSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Fault } from '../../wire/fault.ts'
import { systemCodeOf, systemFault } from '../../wire/system-fault.ts'

/** What the names of files that are not whole yet end with. */
export const UNFINISHED = '.kindred-unfinished'

/** A file that is being written, from its beginning on. */
export interface ExportFile {
  write(bytes: Uint8Array): void
}

export interface ExportFolder {
  /** Begins a file. Throws a Fault of the disk, as all that writes. */
  create(name: string): ExportFile
  /** A file that is small enough to be there at once. */
  put(name: string, bytes: Uint8Array | string): void
  /** Gives all files their names; they are on the disk then. The names, and bytes in all. */
  finish(): { files: string[]; bytes: number }
  /** Removes what is not finished; nothing after `finish`. Safe to call twice. */
  discard(): void
}

/**
 * Opens the folder, which is made if it is missing. What an export that was cut short left there
 * goes. Throws Fault bad-argument where something else is in it, or a fault of the disk.
 */
export function openExportFolder(path: string): ExportFolder {
  const isNew = prepare(path)
  const open = new Map<string, number>() // descriptors of files, by name
  const renamed = new Set<string>() // until all of them are
  let bytesWritten = 0
  const unfinished = (name: string): string => join(path, name + UNFINISHED)

  function create(name: string): ExportFile {
    const file = onDisk(path, () => openSync(unfinished(name), 'w'))
    open.set(name, file)
    return {
      write(bytes) {
        onDisk(path, () => {
          for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
        })
        bytesWritten += bytes.length
      }
    }
  }

  return {
    create,
    put: (name, content) => create(name).write(Buffer.from(content)),
    finish() {
      const files = [...open.keys()]
      onDisk(path, () => {
        for (const name of files) {
          const file = open.get(name)!
          fsyncSync(file)
          closeSync(file)
          open.set(name, -1)
        }
        for (const name of files) {
          renameSync(unfinished(name), join(path, name))
          open.delete(name)
          renamed.add(name)
        }
      })
      renamed.clear()
      return { files, bytes: bytesWritten }
    },
    discard() {
      try {
        for (const [name, file] of open) {
          if (file >= 0) closeSync(file)
          rmSync(unfinished(name), { force: true })
        }
        for (const name of renamed) rmSync(join(path, name), { force: true })
        if (open.size + renamed.size > 0 && isNew) removeEmpty(path)
      } finally {
        open.clear()
        renamed.clear()
      }
    }
  }
}

/** Removes a folder; it stays if somebody else put something there. */
function removeEmpty(path: string): void {
  try {
    rmdirSync(path)
  } catch (error) {
    if (!['ENOTEMPTY', 'ENOENT'].includes(systemCodeOf(error) ?? '')) throw error
  }
}

/** Makes the folder, or clears what was not finished; whether it is new. */
function prepare(path: string): boolean {
  const found = onDisk(path, () => statSync(path, { throwIfNoEntry: false }))
  if (!found) {
    onDisk(path, () => makeFolder(path))
    return true
  }
  if (!found.isDirectory()) throw badFolder(path, 'a file of that name')
  const names = onDisk(path, () => readdirSync(path))
  const others = names.filter((name) => !name.endsWith(UNFINISHED))
  if (others.length > 0) {
    const rest = others.length > 1 ? ` and ${others.length - 1} more` : ''
    throw badFolder(path, `one that holds “${others.sort()[0]}”${rest}`)
  }
  onDisk(path, () => names.forEach((name) => rmSync(join(path, name))))
  return false
}

/** Of a disk that is read-only Node tells so only when it has one folder to make. */
function makeFolder(path: string): void {
  const isAlone = existsSync(dirname(path))
  mkdirSync(path, { recursive: !isAlone })
}

function badFolder(subject: string, received: string): Fault {
  const expected = 'a folder that is new or empty'
  return new Fault({ kind: 'bad-argument', subject, expected, received })
}

function onDisk<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw systemFault(error, 'folder', path, 'a folder that can be written')
  }
}
