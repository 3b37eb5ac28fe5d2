// A library of real files on a real disk, all described, for tests that move them. Test code only.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { openCatalogue } from '../../main/catalogue/catalogue.ts'
import type { Catalogue } from '../../main/catalogue/catalogue.ts'
import { contentHash } from '../../main/engine/folders/content-hash.ts'
import { reconcile } from '../../main/engine/folders/reconcile.ts'
import { temporaryFolder } from './library.ts'

/** A library of real files that were described. */
export interface Disk {
  root: string
  library: string
  /** Where the catalogue lies. */
  data: string
  catalogue: Catalogue
  folder: number
  id(path: string): number
  scan(): Promise<void>
}

/** Writes the files (path below the folder: content), scans them and describes them. */
export async function diskOf(context: TestContext, paths: Record<string, string>): Promise<Disk> {
  const root = temporaryFolder(context)
  const data = temporaryFolder(context)
  const catalogue = openCatalogue(data)
  context.after(() => catalogue.close())
  const folder = catalogue.folders.add(root, 'photos')
  for (const [path, content] of Object.entries(paths)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  const disk: Disk = {
    root,
    library: join(root, 'library'),
    data,
    catalogue,
    folder,
    id(path) {
      const name = path.split('/').at(-1) ?? ''
      const id = catalogue.photos.atPath(folder, path.slice(0, -name.length - 1), name)
      assert.ok(id, path)
      return id
    },
    async scan() {
      const [row] = catalogue.folders.list()
      assert.ok(row)
      const starts = [{ directory: '', deep: true }]
      const scope = { folder: row, starts, known: new Set<string>() }
      await reconcile(catalogue, [scope], { settle: 0, now: Date.now })
    }
  }
  await disk.scan()
  for (const { id } of catalogue.photos.paths(0, 1000)) {
    const task = catalogue.work.task(id)
    assert.ok(task)
    const hash = await contentHash(join(root, task.directory, task.name))
    assert.ok(hash)
    assert.ok(catalogue.work.describe(task, { hash, width: 4, height: 3, capturedAt: null }))
  }
  return disk
}
