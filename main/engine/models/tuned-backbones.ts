// The library's tuned backbones as files: which are there, and removing those that no model needs.
// Runs in the writer; compute writes and opens them.
import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Letters of a sha-256 that the names of its files end with, as their card has it. */
const MARK = 8

/** Whether the files of this backbone may be there. */
export async function hasTuned(folder: string, sha256: string): Promise<boolean> {
  const end = `-tuned-${sha256.slice(0, MARK)}.json`
  return (await namesIn(folder)).some((name) => name.endsWith(end))
}

/** Removes the files of all backbones but these, and what was not finished. */
export async function removeOthers(folder: string, wanted: Iterable<string>): Promise<void> {
  const marks = new Set([...wanted].map((sha256) => sha256.slice(0, MARK)))
  for (const name of await namesIn(folder)) {
    const mark = /-tuned-([0-9a-f]{8})\.(?:onnx|json)(?:\.unfinished)?$/.exec(name)?.[1]
    const isOurs = mark !== undefined
    if (isOurs && (!marks.has(mark) || name.endsWith('.unfinished')))
      await rm(join(folder, name), { force: true })
  }
}

/** None where nothing was ever tuned. */
async function namesIn(folder: string): Promise<string[]> {
  return existsSync(folder) ? readdir(folder) : []
}
