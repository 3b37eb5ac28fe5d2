// What stops all work: told once, kept, tried by a small file, and gone when that can be written.
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import type { Stop } from '../../../../main/catalogue/settings-table.ts'
import { createStopper } from '../../../../main/engine/faults/stop.ts'
import type { Stopper } from '../../../../main/engine/faults/stop.ts'
import { faultRecord, temporaryCatalogue, temporaryFolder } from '../../../support/library.ts'
import { until } from '../../../support/until.ts'

const each = { first: 10, most: 40 }
const SPACING = { photo: each, folder: each, library: each, program: each }

interface Made {
  stopper: Stopper
  told: (Stop | undefined)[]
  /** Where it writes; a file stands there when nothing can be written. */
  folder: string
  again(): Made
}

function made(context: TestContext): Made {
  const catalogue = temporaryCatalogue(context)
  const folder = join(temporaryFolder(context), 'library')
  mkdirSync(folder)
  function again(): Made {
    const told: (Stop | undefined)[] = []
    const onChange = (stop: Stop | undefined): void => void told.push(stop)
    const parts = { catalogue, folders: [folder], spacing: SPACING, onChange }
    const stopper = createStopper(parts)
    context.after(() => stopper.close())
    return { stopper, told, folder, again }
  }
  return again()
}

/** Nothing can be written into what is no folder. */
function close(folder: string): void {
  rmSync(folder, { recursive: true })
  writeFileSync(folder, '')
}

function open(folder: string): void {
  rmSync(folder)
  mkdirSync(folder)
}

test('work goes on by itself once a small file can be written, which does not stay', async (context) => {
  const { stopper, told, folder } = made(context)
  close(folder)
  stopper.stop(faultRecord('disk-full'))
  stopper.stop(faultRecord('disk-full')) // the second of the photos in work
  assert.equal(told.length, 1)
  await until('three attempts', () => (stopper.current?.attempts ?? 0) >= 3)
  assert.equal(stopper.current?.fault.about, 'library')
  open(folder)
  await until('it goes on', () => stopper.current === undefined)
  assert.equal(told.at(-1), undefined)
  assert.equal(stopper.isTrying, true, 'until something went well')
  stopper.worked()
  assert.equal(stopper.isTrying, false)
  assert.deepEqual(readdirSync(folder), [])
})

test('attempts are counted on from one stop to the next, until something went well', (context) => {
  const { stopper } = made(context)
  const attempts = (): number | undefined => {
    stopper.stop(faultRecord('bad-model'))
    const count = stopper.current?.attempts
    stopper.goOn()
    return count
  }
  assert.deepEqual([attempts(), attempts(), attempts()], [1, 2, 3])
  stopper.worked()
  assert.equal(attempts(), 1)
})

test('it is known after a restart, where it is tried at once', async (context) => {
  const { stopper, again, folder } = made(context)
  close(folder)
  stopper.stop(faultRecord('disk-full'))
  stopper.close()
  open(folder)
  const second = again()
  assert.equal(second.stopper.current?.fault.kind, 'disk-full')
  await until('it goes on', () => second.stopper.current === undefined)
  assert.equal(again().stopper.current, undefined, 'and forgotten when it is over')
})
