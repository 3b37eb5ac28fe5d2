// Whether a machine runs on battery, by folders made like those of /sys/class/power_supply.
import test from 'node:test'
import type { TestContext } from 'node:test'
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isOnBattery } from '../../../main/app/power-supplies.ts'
import { temporaryFolder } from '../../support/library.ts'

type Supply = Readonly<Record<string, string | null>>

/** A folder with these supplies: text by file name; null makes what cannot be read as a file. */
function folderOf(context: TestContext, supplies: Readonly<Record<string, Supply>>): string {
  const folder = temporaryFolder(context)
  for (const [name, files] of Object.entries(supplies)) {
    mkdirSync(join(folder, name))
    for (const [file, text] of Object.entries(files)) {
      if (text === null) mkdirSync(join(folder, name, file))
      else writeFileSync(join(folder, name, file), `${text}\n`)
    }
  }
  return folder
}

const mains = (online: string): Supply => ({ type: 'Mains', online })
const battery = (status: string, more: Supply = {}): Supply => ({
  type: 'Battery',
  present: '1',
  status,
  ...more
})
const usb = (online: string): Supply => ({ type: 'USB', online })

const CASES: readonly (readonly [string, Readonly<Record<string, Supply>>, boolean])[] = [
  ['a desktop computer without anything', {}, false],
  ['mains alone, even if it says that it gives nothing', { AC: mains('0') }, false],
  ['plugged in and charging', { AC: mains('1'), BAT0: battery('Charging') }, false],
  ['plugged in and full', { AC: mains('1'), BAT0: battery('Full') }, false],
  ['plugged in, kept below its limit', { AC: mains('1'), BAT0: battery('Not charging') }, false],
  ['plugged in, whatever the battery says', { AC: mains('1'), BAT0: battery('Discharging') }, false],
  ['unplugged', { AC: mains('0'), BAT0: battery('Discharging') }, true],
  ['unplugged, from a battery that does not say', { AC: mains('0'), BAT0: battery('Unknown') }, true],
  ['no word of mains, a battery that does not say', { BAT0: battery('Unknown') }, false],
  ['a battery alone that is drawn from', { BAT0: battery('Discharging') }, true],
  ['a battery alone that is full', { BAT0: battery('Full') }, false],
  [
    'two batteries, the second drawn from',
    { AC: mains('0'), BAT0: battery('Not charging'), BAT1: battery('Discharging') },
    true
  ],
  [
    'two adapters, one of them plugged in',
    { ADP0: mains('0'), ADP1: mains('1'), BAT0: battery('Charging') },
    false
  ],
  ['charged at a USB port', { USBC0: usb('1'), BAT0: battery('Charging') }, false],
  ['a USB port that gives too little', { USBC0: usb('1'), BAT0: battery('Discharging') }, true],
  [
    'a mouse and a headset are not the machine',
    {
      AC: mains('1'),
      hidpp_battery_0: battery('Discharging', { scope: 'Device' }),
      headset: battery('Unknown', { scope: 'Device' })
    },
    false
  ],
  ['nor are they where no adapter is', { mouse: battery('Discharging', { scope: 'Device' }) }, false],
  [
    'the battery of the system beside that of a pen',
    {
      AC: mains('0'),
      BAT0: battery('Discharging', { scope: 'System' }),
      wacom: battery('Full', { scope: 'Device' })
    },
    true
  ],
  ['a bay without its battery', { AC: mains('0'), BAT1: battery('Unknown', { present: '0' }) }, false],
  ['a supply that stands in for the mains', { ups: { type: 'UPS', status: 'Discharging' } }, true],
  [
    'files that cannot be read',
    { AC: { type: 'Mains', online: null }, BAT0: { type: 'Battery', status: null } },
    false
  ],
  ['a supply without any file', { AC: mains('0'), BAT0: battery('Discharging'), odd: {} }, true],
  ['of which nothing but its type can be read', { AC: mains('0'), BAT0: { type: 'Battery' } }, true]
]

for (const [what, supplies, expected] of CASES)
  test(`${expected ? 'on battery' : 'not on battery'}: ${what}`, async (context) => {
    assert.equal(await isOnBattery(folderOf(context, supplies)), expected)
  })

test('not on battery: a system that has no such folder', async (context) => {
  assert.equal(await isOnBattery(join(temporaryFolder(context), 'missing')), false)
})
