// The care for the decoder window: which of its ends are failed starts, one that never loads among
// them. In place of Electron's windows stand ones of which the test says what befalls them.
import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import test, { type TestContext } from 'node:test'
import {
  LOADING_MILLISECONDS,
  careForDecoder,
  type DecoderCare,
  type DecoderWindow
} from '../../../main/app/decoder-window.ts'
import { createSwitchboard } from '../../../main/app/switchboard.ts'
import { MOST_FAILED_STARTS, MOST_SHORT_LIVES } from '../../../main/wire/backoff.ts'
import type { Fault } from '../../../main/wire/fault.ts'

const LONGEST_WAIT = 5_000 // ms, until it is opened again

class Contents extends EventEmitter {
  crashes = 0

  load(): void {
    this.emit('did-finish-load')
  }

  forcefullyCrashRenderer(): void {
    this.crashes++
    this.emit('render-process-gone', {}, { reason: 'killed', exitCode: 9 })
  }

  getOSProcessId(): number {
    return -1 // nobody's
  }

  postMessage(): void {
    throw new Error('nobody else is up')
  }
}

class Window extends EventEmitter implements DecoderWindow {
  readonly webContents = new Contents()

  isDestroyed(): boolean {
    return false
  }

  destroy(): void {
    this.emit('closed')
  }
}

interface Cared {
  care: DecoderCare
  windows: Window[]
  refusals: Fault[]
}

function cared(t: TestContext): Cared {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  t.mock.method(console, 'error', () => undefined)
  const lines = createSwitchboard<never>(() => {
    throw new Error('nobody else is up')
  })
  const windows: Window[] = []
  const refusals: Fault[] = []
  const open = (): Window => {
    const window = new Window()
    windows.push(window)
    return window
  }
  const care = careForDecoder(lines, open, (fault) => refusals.push(fault))
  care.want()
  return { care, windows, refusals }
}

test('one that neither loads nor ends is ended, and given up after five in a row', (t) => {
  const { care, windows, refusals } = cared(t)
  for (let start = 1; start <= MOST_FAILED_STARTS; start++) {
    assert.equal(windows.length, start)
    t.mock.timers.tick(LOADING_MILLISECONDS - 1)
    assert.equal(windows.at(-1)?.webContents.crashes, 0)
    t.mock.timers.tick(1)
    assert.equal(windows.at(-1)?.webContents.crashes, 1)
    t.mock.timers.tick(LONGEST_WAIT)
  }
  assert.equal(windows.length, MOST_FAILED_STARTS)
  assert.deepEqual(refusals.map(({ kind }) => kind), ['keeps-ending'])
  care.want()
  assert.equal(windows.length, MOST_FAILED_STARTS + 1, 'it is opened when it is wanted again')
})

test('one that loaded, or was closed meanwhile, is not ended for it', (t) => {
  const { care, windows } = cared(t)
  windows.at(-1)?.webContents.load()
  t.mock.timers.tick(2 * LOADING_MILLISECONDS)
  care.rest()
  care.want()
  care.rest()
  t.mock.timers.tick(2 * LOADING_MILLISECONDS)
  assert.deepEqual(windows.map(({ webContents }) => webContents.crashes), [0, 0])
})

test('photos that end it, however many, are no failed starts', (t) => {
  const { windows, refusals } = cared(t)
  for (let life = 1; life <= MOST_SHORT_LIVES + 1; life++) {
    windows.at(-1)?.webContents.load()
    windows.at(-1)?.webContents.forcefullyCrashRenderer()
    t.mock.timers.tick(LONGEST_WAIT)
  }
  for (let start = 1; start <= MOST_FAILED_STARTS; start++) {
    assert.deepEqual(refusals, [])
    windows.at(-1)?.webContents.forcefullyCrashRenderer()
    t.mock.timers.tick(LONGEST_WAIT)
  }
  assert.equal(refusals.length, 1)
})
