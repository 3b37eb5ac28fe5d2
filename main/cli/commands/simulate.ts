// `kindred simulate`: a large library without photos, to see how the app does with one.
import type { Command } from '../parser.ts'
import * as v from 'valibot'
import { createOutput, EXIT, tellError } from '../output.ts'
import { wholeNumber, withLibrary } from '../command.ts'
import { openCompute } from '../session.ts'
import { simulateLibrary } from '../simulate/library.ts'

const Options = v.object({
  photos: v.string(),
  seed: v.string(),
  library: v.string(),
  json: v.optional(v.boolean(), false)
})
const MOST = 20_000_000

/** Registers the command. */
export function simulateCommand(program: Command): void {
  withLibrary(program.command('simulate'))
    .description('Make a library of simulated photos, to see how Kindred does with many.')
    .requiredOption('--photos <n>', 'how many')
    .option('--seed <n>', 'another seed, another library', '1')
    .addHelpText(
      'after',
      '\nRows, dates, directories, favourites and 64-bit codes are as in a real library, and a model' +
        '\nserves. There are no photo files: the folders count as unplugged, the large view stays' +
        '\nempty. 320 made-up pictures stand in for all thumbnails, and photos have no features, so' +
        '\nthere is nothing to learn from or to evaluate. What is cut short is no library, and is begun' +
        '\nanew the next time. Answers {photos, seconds}.'
    )
    .action(simulate)
}

async function simulate(options: unknown): Promise<void> {
  const given = v.parse(Options, options)
  const output = createOutput(given.json)
  const began = performance.now()
  try {
    const photos = wholeNumber('--photos', given.photos, 1, MOST)
    const seed = wholeNumber('--seed', given.seed, 0, 2 ** 31)
    const { compute, close } = await openCompute()
    try {
      await simulateLibrary(
        compute,
        given.library,
        photos,
        seed,
        (done, what) => output.progress(`${what}: ${done} of ${photos}`),
        output.note
      )
    } finally {
      close()
    }
    const seconds = Math.round((performance.now() - began) / 100) / 10
    output.answer({ photos, seconds }, () => [`${photos} simulated photos in ${seconds} s.`])
    process.exitCode = EXIT.done
  } catch (error) {
    process.exitCode = tellError(error)
  }
}
