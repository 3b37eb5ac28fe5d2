// Packs a folder that measures the devices of a Linux machine without network.
// Run as `npm run bench -- device`; copy the folder to the machine and start `run` in it.
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { useSoftwareDriver } from '../support/webgpu.ts'
import { MOST, pack } from './device/pack.ts'

const HELP = `npm run bench -- device [options]
  --out artefacts/device   the folder, emptied before
  --small                  Node packed by xz; the machine then needs xz or Python
  --run                    start it here as well, on the software driver where there is no card

There: sh <folder>/run, with sh and gzip. It needs no network and ends in under 8 minutes; it prints
devices and adapters, photos a second and features against the processor's, steps of learning, of
deep training and of both papers, with the time of the papers' epochs by them.`

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: 'artefacts/device' },
    small: { type: 'boolean', default: false },
    run: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
})

async function main(): Promise<void> {
  if (options.help) return console.log(HELP)
  const folder = resolve(options.out)
  const size = await pack(folder, options.small)
  console.log(`${folder}: ${(size / 2 ** 20).toFixed(1)} of ${MOST / 2 ** 20} MiB. There: sh run`)
  if (!options.run) return
  useSoftwareDriver()
  // As on a machine that has nothing: no path, no home.
  const { VK_DRIVER_FILES = '' } = process.env
  const { status } = spawnSync('/bin/sh', [join(folder, 'run')], {
    stdio: 'inherit',
    cwd: '/',
    env: VK_DRIVER_FILES ? { VK_DRIVER_FILES } : {}
  })
  process.exitCode = status ?? 1
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
