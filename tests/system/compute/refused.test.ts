// A library that lacks nothing but a model, without a compute: what is due waits, and the engine
// answers on.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { DatabaseSync } from '@photostructure/sqlite'
import { CATALOGUE_FILE } from '../../../main/catalogue/library-files.ts'
import { createEngine } from '../../../main/engine/engine.ts'
import { hopeless } from '../../../main/wire/backoff.ts'
import { connect } from '../../../main/wire/channel.ts'
import { engineControlContract } from '../../../main/wire/engine-contract.ts'
import { portPair } from '../../../main/wire/port.ts'
import { largeLibrary } from '../../support/large-library.ts'
import { temporaryFolder } from '../../support/library.ts'
import { until } from '../../support/until.ts'

const PHOTOS = 400

test('a fit that has no compute waits, and says why', async (t) => {
  const library = join(temporaryFolder(t), 'library')
  await largeLibrary(library, PHOTOS)
  const database = new DatabaseSync(join(library, CATALOGUE_FILE))
  database.exec(`UPDATE models SET state = 'retired'`) // a first quantizer is due
  database.close()
  const engine = await createEngine({ library, watch: false, settle: 0 })
  t.after(() => engine.close())
  const [ours, theirs] = portPair()
  engine.serveControl(theirs)
  const { record } = hopeless('compute', '5 times while starting')
  await connect(ours, engineControlContract).call('computeRefused', { fault: record })
  const stopOf = () => engine.progress().waits.find(({ fault }) => fault.kind === 'keeps-ending')
  await until('what stops the fit', () => stopOf() !== undefined)
  await engine.pause()
  assert.equal(engine.progress().state, 'paused')
})
