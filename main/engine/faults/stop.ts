// What keeps everything from going on: the library's disk is full or refuses, or the program cannot
// compute. It is told once, kept in the catalogue where that is possible, and tried again by
// itself: a small file that can be written shows that there is room, without a photo being touched.
// Runs in the writer.
import { existsSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Stop } from '../../catalogue/settings-table.ts'
import { faultOf } from '../../wire/fault.ts'
import type { FaultRecord } from '../../wire/fault.ts'
import { systemFault } from '../../wire/system-fault.ts'
import { SPACING, decide } from './decision.ts'
import type { Spacings } from './decision.ts'

/** Bytes that must find room: some dozen thumbnails. */
const PROBE_BYTES = 256 * 1024
const PROBE_NAME = '.room'

export interface StopParts {
  catalogue: Catalogue
  /** What is written to while photos are indexed and learned from. */
  folders: readonly string[]
  spacing?: Spacings
  /** Told when something stops all work, tries again in vain, or goes on. */
  onChange(stop: Stop | undefined): void
}

export interface Stopper {
  readonly current: Stop | undefined
  /** The same, and what is being tried again: it is over once something went well. */
  readonly told: Stop | undefined
  /** Work goes on after a stop, and nothing went well yet. */
  readonly isTrying: boolean
  /** Something failed that is no photo's fault; it is known already while work rests. */
  stop(fault: FaultRecord): void
  /** Something went well, or nothing is left to do: the next fault is a first one. */
  worked(): void
  /** Work may go on now; whoever meets the same fault stops it anew. */
  goOn(): void
  close(): void
}

/** Makes it, with what stopped the work when the library was last open. */
export function createStopper({
  catalogue,
  folders,
  spacing = SPACING,
  onChange
}: StopParts): Stopper {
  let current = catalogue.settings.stop()
  let tried: Stop | undefined
  let attempts = current?.attempts ?? 0
  let timer: NodeJS.Timeout | undefined
  let closed = false

  /** It is kept as far as that is possible: the catalogue may be what cannot be written. */
  function keep(): void {
    try {
      catalogue.settings.setStop(current)
    } catch (error) {
      if (faultOf(error, 'stop').record.about !== 'library') throw error
    }
  }

  function set(fault: FaultRecord): void {
    attempts++
    const { after } = decide(fault, { attempts }, spacing)
    current = { fault, attempts, retryAt: Date.now() + after }
    tried = undefined
    keep()
    clearTimeout(timer)
    timer = setTimeout(() => void tryAgain(fault), after)
    onChange(current)
  }

  async function tryAgain(fault: FaultRecord): Promise<void> {
    const refusal = fault.about === 'library' ? await probe() : undefined
    if (closed || current?.fault !== fault) return
    if (refusal) set(refusal)
    else goOn()
  }

  /** Why a folder cannot be written; undefined when all can. */
  async function probe(): Promise<FaultRecord | undefined> {
    for (const folder of folders) {
      if (!existsSync(folder)) continue // it is made when it is needed
      const refusal = await refusalOf(folder)
      if (refusal) return refusal
    }
    return undefined
  }

  function goOn(): void {
    if (!current) return
    clearTimeout(timer)
    if (current.fault.about === 'program') tried = current
    current = undefined
    keep()
    onChange(undefined)
  }

  if (current) timer = setTimeout(() => void tryAgain(current!.fault), 0)
  return {
    get current() {
      return current
    },
    get told() {
      return current ?? tried
    },
    get isTrying() {
      return !current && attempts > 0
    },
    stop(fault) {
      if (!current && !closed) set(fault)
    },
    worked() {
      attempts = 0
      tried = undefined
    },
    goOn,
    close() {
      closed = true
      clearTimeout(timer)
    }
  }
}

/** Writes a small file and removes it; why that cannot be done. */
async function refusalOf(folder: string): Promise<FaultRecord | undefined> {
  const path = join(folder, PROBE_NAME)
  try {
    const file = await open(path, 'w')
    try {
      await file.writeFile(new Uint8Array(PROBE_BYTES))
      await file.sync() // some disks refuse only now
    } finally {
      await file.close()
    }
    return undefined
  } catch (error) {
    const fault = systemFault(error, 'library', folder, 'a folder that can be written')
    return faultOf(fault, folder, 'library').record
  } finally {
    await rm(path, { force: true }).catch(() => undefined) // what it could not write is not there
  }
}
