// A folder on a real disk that is looked through and compared with a catalogue. Test code only.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Catalogue } from '../../main/catalogue/catalogue.ts'
import { contentHash } from '../../main/engine/folders/content-hash.ts'
import { reconcile } from '../../main/engine/folders/reconcile.ts'
import type { Findings } from '../../main/engine/folders/reconcile.ts'
import type { Start } from '../../main/engine/folders/visit.ts'
import { temporaryCatalogue, temporaryFolder } from './library.ts'

/** A folder on a real disk, and a catalogue that it is compared with. */
export interface Disk {
  root: string
  catalogue: Catalogue
  folder: number
  put(...paths: string[]): void
  scan(starts?: Start[], settle?: number, now?: () => number): Promise<Findings>
  /** Looks through all of it as a program that has just started does. */
  firstScan(): Promise<Findings>
  /** Path and status of every row that is not gone, sorted. */
  rows(): string[]
  idOf(path: string): number | undefined
}

/** An empty folder, with something in it that is no photo. */
export function disk(context: TestContext, catalogue = temporaryCatalogue(context)): Disk {
  const root = temporaryFolder(context)
  const folder = catalogue.folders.add(root, 'photos')
  const known = new Set<string>()
  writeFileSync(join(root, 'notes.txt'), 'so that the folder is never empty')
  const rows = (): { id: number; directory: string; name: string }[] =>
    catalogue.photos.paths(0, 1000)
  const pathOf = (row: { directory: string; name: string }): string =>
    row.directory === '' ? row.name : `${row.directory}/${row.name}`
  const scan: Disk['scan'] = (
    starts = [{ directory: '', deep: true }],
    settle = 0,
    now = Date.now
  ) => {
    const [row] = catalogue.folders.list()
    assert.ok(row)
    return reconcile(catalogue, [{ folder: row, starts, known }], { settle, now })
  }
  return {
    root,
    catalogue,
    folder,
    scan,
    firstScan() {
      known.clear()
      return scan()
    },
    put(...paths) {
      for (const path of paths) {
        mkdirSync(join(root, path, '..'), { recursive: true })
        writeFileSync(join(root, path), `the photo ${path}`)
      }
    },
    rows: () =>
      rows()
        .map((row) => `${pathOf(row)} ${catalogue.photos.shown(row.id)?.status}`)
        .sort(),
    idOf: (path) => rows().find((row) => pathOf(row) === path)?.id
  }
}

/** As if compute had described the photo. */
export async function describe(
  { catalogue, root }: Pick<Disk, 'catalogue' | 'root'>,
  id: number
): Promise<void> {
  const task = catalogue.work.task(id)
  assert.ok(task)
  const hash = await contentHash(join(root, task.directory, task.name))
  assert.ok(hash)
  assert.ok(catalogue.work.describe(task, { hash, width: 4, height: 3, capturedAt: null }))
}
