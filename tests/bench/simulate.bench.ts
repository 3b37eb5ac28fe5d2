// Makes a large library without photos, to see how the app does with one.
// Run as `npm run bench -- simulate --photos 100000 --library /tmp/many`.
import { parseArgs } from 'node:util'
import { wholeNumber } from '../../main/cli/command.ts'
import { createOutput, tellError } from '../../main/cli/output.ts'
import { Fault } from '../../main/wire/fault.ts'
import { openCompute } from '../support/compute.ts'
import { simulateLibrary } from './simulate/library.ts'

const HELP = `npm run bench -- simulate --photos <n> --library <dir> [options]
  --photos 100000    how many photos
  --library <dir>    the new library
  --seed 1           another seed, another library
  --json             {photos, seconds} on stdout, the rest on stderr
Rows, dates, directories, favourites and 64-bit codes are as in a real library, and a model
serves. There are no photo files: the folders count as unplugged, the large picture stays empty.
320 made-up pictures stand in for all thumbnails, and photos have no features, so there is
nothing to learn from or to evaluate. A library that was cut short is made anew the next time.`

const MOST = 20_000_000

const { values: options } = parseArgs({
  options: {
    photos: { type: 'string', default: '100000' },
    library: { type: 'string' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
})

async function main(): Promise<void> {
  if (options.help) return console.log(HELP)
  const output = createOutput(options.json)
  const began = performance.now()
  const photos = wholeNumber('--photos', options.photos, 1, MOST)
  const seed = wholeNumber('--seed', options.seed, 0, 2 ** 31)
  const { library } = options
  if (library === undefined)
    throw new Fault({
      kind: 'bad-argument',
      subject: '--library',
      expected: 'the folder of the new library',
      received: 'nothing'
    })
  const { compute, close } = await openCompute()
  try {
    const report = (done: number, what: string): void =>
      output.progress(`${what}: ${done} of ${photos}`)
    await simulateLibrary(compute, library, photos, seed, report, output.note)
  } finally {
    await close()
  }
  const seconds = Math.round((performance.now() - began) / 100) / 10
  output.answer({ photos, seconds }, () => [`${photos} simulated photos in ${seconds} s.`])
}

main().catch((error: unknown) => (process.exitCode = tellError(error)))
