// A library in a folder of its own, gone after the test. Test code only.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { openCatalogue } from '../../main/catalogue/catalogue.ts'
import type { Catalogue } from '../../main/catalogue/catalogue.ts'
import type { FileFacts } from '../../main/catalogue/file-table.ts'
import type { FoundKin, LibraryAnswers } from '../../main/engine/api.ts'
import type { Question, Subject } from '../../main/engine/answering/kin-question.ts'
import type { QuantizerRecord } from '../../main/wire/records.ts'
import { Fault } from '../../main/wire/fault.ts'
import type { FaultKind, FaultRecord } from '../../main/wire/fault.ts'

/** An empty folder that is removed after the test. */
export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-test-'))
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** An empty catalogue that is closed after the test. */
export function temporaryCatalogue(context: TestContext): Catalogue {
  const catalogue = openCatalogue(temporaryFolder(context))
  context.after(() => catalogue.close())
  return catalogue
}

/** Facts of a file; each name of a test has its own size, so that nothing looks like a copy. */
export function fileFacts(name: string, facts: Partial<FileFacts> = {}): FileFacts {
  const size = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7)
  return { name, size, modifiedAt: 1_600_000_000_000, inode: size, ...facts }
}

/** A hash that belongs to a name. */
export function hashOf(name: string): string {
  return Buffer.from(name.padEnd(32, '.')).toString('hex').slice(0, 64)
}

/** A fault of a kind, as it is kept. */
export function faultRecord(kind: FaultKind, parts: Partial<FaultRecord> = {}): FaultRecord {
  return new Fault({ kind, subject: 'a.jpg', expected: 'luck', received: 'none', ...parts }).record
}

/** The backbone that made features of tests. */
export const BACKBONE = 'b'.repeat(64)

/** A record of a model, whose weights are no real ones. */
export function modelRecord(fittedOn = 256): QuantizerRecord {
  const weights = new Uint8Array([1, 2, 3])
  return { version: 1, backbone: BACKBONE, M: 16, K: 16, L: 8, fittedOn, weights }
}

/** Adds a photo that waits to be described; its id. */
export function addPending(
  catalogue: Catalogue,
  folder: number,
  name: string,
  directory = ''
): number {
  return catalogue.files.insert(folder, directory, fileFacts(name), 0)
}

/** Adds a photo and describes it; its id. `value` fills its vectors. */
export function addIndexed(catalogue: Catalogue, folder: number, name: string, value = 1): number {
  const id = addPending(catalogue, folder, name)
  const task = catalogue.work.task(id)
  if (!task) throw new Error(`no photo ${id}`)
  catalogue.transaction(() => {
    catalogue.work.describe(task, { hash: hashOf(name), width: 4, height: 3, capturedAt: null })
    catalogue.vectors.putFeature(id, BACKBONE, new Uint16Array(8).fill(value))
  })
  return id
}

/** A question for the kin of one photo. */
export function ask(of: Subject, top: number): Question {
  return { parts: [{ of, weight: 1 }], top }
}

/** An encoding filled with a value. */
export function encodingOf(value: number): {
  projected: Uint16Array
  descriptor: Uint16Array
  code: Uint8Array
} {
  return {
    projected: new Uint16Array(256).fill(value),
    descriptor: new Uint16Array(128).fill(value),
    code: new Uint8Array(8).fill(value)
  }
}

/** The kin alone of what a question is answered with. */
export async function kinOf(answers: LibraryAnswers, question: Question): Promise<FoundKin[]> {
  return (await answers.similar(question)).kin
}

/** Describes a photo that is pending, as of this content. */
export function describeAs(catalogue: Catalogue, id: number, content: string): void {
  const task = catalogue.work.task(id)
  assert.ok(task)
  const what = { hash: hashOf(content), width: 4, height: 3, capturedAt: null }
  assert.ok(catalogue.transaction(() => catalogue.work.describe(task, what)))
}

/** A photo at a path of its own with this content. */
export function addCopy(
  catalogue: Catalogue,
  folder: number,
  name: string,
  content: string
): number {
  const id = catalogue.files.insert(folder, '', fileFacts(name), 0)
  describeAs(catalogue, id, content)
  return id
}
