// A log file that never grows beyond its limit: when it is full it becomes the newest of a few old
// ones. Runs in app; knows files, not Electron.
//
// Written at once, not in a stream: the last lines before an end are those that are looked for.
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export interface LogLimits {
  /** Bytes of one file; a line may end beyond it. */
  bytes: number
  /** Files, the one that is written to among them. */
  files: number
}

const LIMITS: LogLimits = { bytes: 2 ** 20, files: 5 }

/** `<folder>/kindred.log`, and before it kindred.1.log (the newest) to kindred.4.log. */
export class LogFile {
  readonly #folder: string
  readonly #limits: LogLimits
  #file: number | undefined
  #size = 0

  /** @param folder made when missing; a file of an earlier run is written on. */
  constructor(folder: string, limits: LogLimits = LIMITS) {
    this.#folder = folder
    this.#limits = limits
  }

  /** Appends a line. Throws what the disk says; the next line is tried anew. */
  write(line: string): void {
    try {
      if (this.#file !== undefined && this.#size >= this.#limits.bytes) this.#rotate()
      const file = (this.#file ??= this.#open())
      this.#size += writeSync(file, `${line}\n`)
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Safe to call twice; the next line opens it again. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  #open(): number {
    mkdirSync(this.#folder, { recursive: true })
    const file = openSync(this.#nameOf(0), 'a', 0o600)
    this.#size = fstatSync(file).size
    return file
  }

  #rotate(): void {
    this.close()
    rmSync(this.#nameOf(this.#limits.files - 1), { force: true })
    for (let age = this.#limits.files - 1; age > 0; age--) this.#rename(age - 1, age)
  }

  #rename(from: number, to: number): void {
    try {
      renameSync(this.#nameOf(from), this.#nameOf(to))
    } catch (error) {
      // There are not that many yet.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    }
  }

  #nameOf(age: number): string {
    return join(this.#folder, age === 0 ? 'kindred.log' : `kindred.${age}.log`)
  }
}
