// Indexing a folder by command line and in Electron: photos a second, compute's share of the time.
// `npm run bench -- indexing [folder]`; the folder is ../shared/photos unless given. The part in
// Electron wants a display and ELECTRON_OVERRIDE_DIST_PATH, else it is left out with a line.
import assert from 'node:assert/strict'
import { join, resolve } from 'node:path'
import test from 'node:test'
import * as v from 'valibot'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import { kindred } from '../support/kindred.ts'
import { describeMachine } from './machine.ts'

/** The pause without work that `untilIndexed` waits for, seconds: no part of the time. */
const QUIET = 1.5
const Indexed = v.object({
  photos: v.number(),
  seconds: v.number(),
  photosPerSecond: v.number(),
  computeBusy: v.number()
})

const folder = resolve(process.argv[2] ?? '../shared/photos')
const canOpen = process.env.DISPLAY && process.env.ELECTRON_OVERRIDE_DIST_PATH

test('indexing', async (t) => {
  const machine = describeMachine()
  const library = join(temporaryFolder(t, 'bench'), 'library')
  const ran = await kindred('index', folder, '--library', library, '--json')
  assert.equal(ran.code, 0, ran.stderr)
  const line = v.parse(Indexed, JSON.parse(ran.stdout))
  const figures: string[] = [
    JSON.stringify(machine),
    `command line: ${line.photos} photos in ${line.seconds.toFixed(1)} s, ` +
      `${line.photosPerSecond.toFixed(1)} a second, compute busy ${line.computeBusy.toFixed(3)}`
  ]
  if (canOpen) {
    const began = performance.now()
    const { page } = await openApp(t, { folders: [folder] })
    await page.getByTestId('tile').first().waitFor()
    const first = (performance.now() - began) / 1000
    await untilIndexed(page)
    const seconds = (performance.now() - began) / 1000 - QUIET
    figures.push(
      `Electron: first thumbnails' tiles after ${first.toFixed(1)} s, all in ${seconds.toFixed(1)} s ` +
        `from the start of the app, ${(seconds / line.seconds).toFixed(2)}x the command line`
    )
  } else figures.push('Electron: left out, no display or no ELECTRON_OVERRIDE_DIST_PATH')
  console.log(figures.join('\n'))
})
