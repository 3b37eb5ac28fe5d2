// Touches of the folders of a person, none of which holds up what lies elsewhere: see
// [Note: slow volumes]. Each thread has volumes of its own. They throw what the system refused, and
// what VolumeCalls.reach throws.
import { readFileSync } from 'node:fs'
import type { BigIntStats, Dirent, Stats } from 'node:fs'
import * as files from 'node:fs/promises'
import { isFault } from '../../wire/fault.ts'
import { MOUNT_LIST, mountsBy } from '../../wire/disk/mount-list.ts'
import type { Mounts } from '../../wire/disk/mount-list.ts'
import { Unanswered } from '../../wire/disk/volume-calls.ts'
import type { Patience, Reach } from '../../wire/disk/volume-calls.ts'
import { Volumes } from '../../wire/disk/asked-volumes.ts'
import type { News } from '../../wire/disk/asked-volumes.ts'

export { Unanswered }

const listeners = new Set<(news: News) => void>()
const volumes = new Volumes(currentMounts, (news) => {
  for (const listener of listeners) listener(news)
})

/** How long volumes are waited for that were not asked before. */
export function setPatience(patience: Patience): void {
  volumes.patience = patience
}

/** Tells the news of any volume. Gives what takes the listener away. */
export function onNews(listener: (news: News) => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** An answer of some volume is late, and may still come in time: there will be news. */
export function isAnySlow(): boolean {
  return volumes.isAnySlow
}

/** All calls are refused from now on: who waits for one ends. */
export function closeDisks(): void {
  volumes.close()
}

/** See Volumes.unanswered: to be asked when all that makes calls has ended. */
export function unansweredCalls(): Promise<number> {
  return volumes.unanswered()
}

/**
 * What is mounted now; undefined where the system does not tell. At once, not in the pool: it is
 * memory of the system's.
 */
export function currentMounts(): Mounts | undefined {
  return mountsBy(() => readFileSync(MOUNT_LIST, 'utf8'))
}

/** Makes a call to the volume that a path lies on, when its turn comes. */
function reach<T>(path: string, call: Reach<T>): Promise<T> {
  return volumes.of(path).reach(call)
}

/** The same for who has nothing else to do meanwhile: a disk that starts to turn is waited for. */
function reachPatiently<T>(path: string, call: Reach<T>): Promise<T> {
  return volumes.of(path).reach(call, { isPatient: true })
}

/** Whether the volume owes the answer: then nothing is known, not even that nothing is there. */
export function isWithoutAnswer(error: unknown): boolean {
  return error instanceof Unanswered || isFault(error)
}

/** Undefined where the system says no; throws where it says nothing. */
export function noneOf(error: unknown): undefined {
  if (isWithoutAnswer(error)) throw error
  return undefined
}

/** The other way round: 'unknown' where the system says nothing. */
export function unknownOf(error: unknown): 'unknown' {
  if (isWithoutAnswer(error)) return 'unknown'
  throw error
}

/** As Node has it. */
export function lstat(path: string): Promise<Stats> {
  return reach(path, () => files.lstat(path))
}

/** The same in exact numbers. */
export function exactFacts(path: string): Promise<BigIntStats> {
  return reach(path, () => files.lstat(path, { bigint: true }))
}

/** As Node has it, of who has nothing else to do meanwhile. */
export function lstatPatiently(path: string): Promise<Stats> {
  return reachPatiently(path, () => files.lstat(path))
}

/** The same of what a link leads to. */
export function statPatiently(path: string): Promise<Stats> {
  return reachPatiently(path, () => files.stat(path))
}

/** A path without links, which may lead anywhere. */
export function realPath(path: string, isPatient = true): Promise<string> {
  return volumes.unknown(path).reach(() => files.realpath(path), { isPatient })
}

/** The path of a directory without links; undefined for anything else. Its disk is waited for. */
export function directoryAt(path: string): Promise<string | undefined> {
  const call = async (): Promise<string | undefined> => {
    const real = await files.realpath(path)
    return (await files.stat(real)).isDirectory() ? real : undefined
  }
  return volumes.unknown(path).reach(call, { isPatient: true })
}

/** As Node has it; what is in a directory, with its kind. */
export function readdir(path: string): Promise<Dirent[]> {
  return reach(path, () => files.readdir(path, { withFileTypes: true }))
}

/** Whether nothing is in a directory. */
export function isEmpty(path: string): Promise<boolean> {
  return reach(path, () => hasNothing(path))
}

/**
 * Resolves once the disk of a directory has answered, whatever it says of it. Throws what says that
 * it gives no answer.
 */
export async function onceAnswered(path: string): Promise<void> {
  await reachPatiently(path, () => hasNothing(path)).catch(noneOf)
}

async function hasNothing(path: string): Promise<boolean> {
  for await (const _ of await files.opendir(path, { bufferSize: 1 })) return false
  return true
}

/** The first bytes of a file, so many at most. `flags`: of its opening. */
export function readHead(path: string, bytes: number, flags: number): Promise<Uint8Array> {
  return reach(path, async () => {
    const handle = await files.open(path, flags)
    try {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(bytes), 0, bytes, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  })
}

const PIECE = 2 ** 20

/**
 * All bytes of a file, piece by piece, in the same piece of memory each time. Closing, too, may
 * hang, so nobody waits for that alone.
 */
export async function* readPieces(
  path: string,
  isPatient: boolean
): AsyncGenerator<Uint8Array> {
  const touch = isPatient ? reachPatiently : reach
  const handle = await touch(path, async (isRefused) => {
    const opened = await files.open(path)
    if (isRefused()) await opened.close()
    return opened
  })
  const piece = new Uint8Array(PIECE)
  let isInUse = false // a call has it, which closes it where no other will follow
  try {
    for (;;) {
      const bytes = await touch(path, async (isRefused) => {
        isInUse = true
        let isLast = true
        try {
          const { bytesRead } = await handle.read(piece, 0, PIECE, null)
          isLast = bytesRead === 0 || isRefused()
          return bytesRead
        } finally {
          if (isLast) await handle.close()
          else isInUse = false
        }
      })
      if (bytes === 0) return
      yield piece.subarray(0, bytes)
    }
  } finally {
    if (!isInUse) handle.close().catch(() => undefined) // it was only read
  }
}
