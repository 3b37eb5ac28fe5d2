// A process that holds an engine whose writer meets an error that nobody caught: the table that it
// counts photos in is taken away under it. `node dying-writer-child.ts <library>`.
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { CATALOGUE_FILE } from '../../main/catalogue/catalogue.ts'
import { createEngine } from '../../main/engine/engine.ts'

async function main(library: string): Promise<void> {
  const engine = await createEngine({ library, watch: false, settle: 0 })
  await engine.idle()
  const other = new DatabaseSync(join(library, CATALOGUE_FILE), { timeout: 10_000 })
  other.exec('ALTER TABLE photos RENAME TO taken')
  other.close()
  await engine.rescan().catch(() => undefined) // progress is told while it runs, and counted for it
  await new Promise(() => undefined)
}

const [library] = process.argv.slice(2)
if (!library) throw new Error('expected a library')
void main(library)
