// An engine with a compute, once it rests, and what its catalogue holds when it is closed. Test
// code only.
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { CATALOGUE_FILE } from '../../main/catalogue/catalogue.ts'
import type { Engine } from '../../main/engine/api.ts'
import { createEngine } from '../../main/engine/engine.ts'
import { superviseCompute } from './compute.ts'

/** Runs something with an engine of a library once it rests. `folder`: is added before. */
export async function atRest(
  library: string,
  run?: (engine: Engine) => Promise<void>,
  folder?: string
): Promise<void> {
  const engine = await createEngine({ library, watch: false, settle: 0 })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  try {
    if (folder !== undefined) await engine.addFolder(folder)
    await engine.idle()
    await run?.(engine)
  } finally {
    await engine.close()
    await compute.stop()
  }
}

/** What a statement gives in the catalogue of a library that is closed. */
export function sql(library: string, statement: string): Record<string, unknown>[] {
  const database = new DatabaseSync(join(library, CATALOGUE_FILE))
  try {
    return database.prepare(statement).all().map((row: unknown) => Object.assign({}, row))
  } finally {
    database.close()
  }
}
