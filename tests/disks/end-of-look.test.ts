// The end of the program in the middle of a look: what was not answered by then says nothing. In a
// process of its own, as it asks no disk any more afterwards.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { closeDisks, unansweredCalls } from '../../main/engine/faults/disk.ts'
import { createScanner } from '../../main/engine/folders/scanner.ts'
import { StepAside } from '../../main/wire/step-aside.ts'
import { temporaryCatalogue, temporaryFolder } from '../support/library.ts'

test('a folder that was asked whether it is there at the end is there still', async (context) => {
  const catalogue = temporaryCatalogue(context)
  const path = temporaryFolder(context)
  writeFileSync(join(path, 'a.jpg'), 'a photo')
  catalogue.folders.add(path, 'photos')
  const scanner = createScanner(catalogue, {
    except: '',
    settle: 0,
    aside: new StepAside(),
    onFindings: () => Promise.resolve(),
    onPresence: () => assert.fail('nothing became of it'),
    onRows: () => undefined,
    onFault: assert.ifError,
    onBusy: () => undefined
  })
  const looked = scanner.scan().catch(() => undefined)
  for (let i = 0; i < 20; i++) await Promise.resolve() // the folder is asked, and has not answered
  closeDisks()
  await scanner.close()
  await looked
  assert.deepEqual(
    catalogue.folders.list().map(({ present }) => present),
    [true]
  )
  assert.equal(catalogue.closed.next(), undefined, 'nothing is to be tried again')
  assert.equal(await unansweredCalls(), 0)
})
