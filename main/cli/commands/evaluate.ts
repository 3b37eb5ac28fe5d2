// `kindred evaluate`: how well kin are found when the names of the folders are taken as labels.
import { realpath } from 'node:fs/promises'
import { basename, dirname, resolve, sep } from 'node:path'
import { type Command, Option } from '../parser.ts'
import * as v from 'valibot'
import { runWithAnswers, wholeNumber, withLibrary } from '../command.ts'
import { rankings } from '../compare-orders.ts'
import { table } from '../output.ts'
import { Fault } from '../../wire/fault.ts'
import { leaveOneOut } from '../../../model/retrieval.ts'

const Options = v.object({
  top: v.string(),
  model: v.optional(v.string()),
  queries: v.optional(v.string())
})

/** Registers the command. */
export function evaluateCommand(program: Command): void {
  withLibrary(program.command('evaluate'))
    .description('Measure how well kin are found, with the folders of the photos as labels.')
    .addOption(
      new Option('--labels <kind>', 'what a label is: the name of the parent folder')
        .choices(['folder'])
        .default('folder')
    )
    .option('--top <n>', 'ranks that count', '100')
    .option('--model <id>', 'a kept model instead of the one that serves')
    .option('--queries <folder>', 'only photos below this folder query; all are found')
    .addHelpText(
      'after',
      '\nEach indexed photo queries all others; AP is normalised by the relevant photos inside the top.' +
        '\nAnswers {photos, queries, labels, top, rows: [{of, mAP, bytesPerPhoto}]}; `of` is features (of the' +
        '\nbackbone, cosine), projected, descriptors, codes (codes alone) and reranked (codes, then the' +
        '\nexact order of the best, as the app has it). bytesPerPhoto is as kept. Without a model: features only.'
    )
    .action(evaluate)
}

async function evaluate(options: unknown): Promise<void> {
  const given = v.parse(Options, options)
  const top = wholeNumber('--top', given.top, 1, 10_000)
  const model = given.model && wholeNumber('--model', given.model, 1, 2 ** 53 - 1)
  await runWithAnswers(options, async (answers, output) => {
    const vectors = await answers.vectors(model || undefined)
    if (vectors.ids.length === 0) throw nothingIndexed()
    const queries = await queriesOf(vectors.paths, given.queries)
    const labels = vectors.paths.map((path) => basename(dirname(path)))
    const rows: { of: string; mAP: number; bytesPerPhoto: number }[] = []
    for (const { of, bytesPerPhoto, order } of rankings(vectors, top)) {
      output.progress(`evaluating ${of}`)
      const ordered = await order()
      const mAP = await leaveOneOut(labels, top, (row) => ordered(row), queries)
      rows.push({ of, mAP, bytesPerPhoto })
    }
    const answer = {
      photos: labels.length,
      queries: queries.length,
      labels: new Set(labels).size,
      top,
      rows
    }
    output.answer(answer, () => [
      `${answer.queries} of ${answer.photos} photos query, of ${answer.labels} labels; ` +
        `mAP of the first ${top}:`,
      ...table(
        rows.map(({ of, mAP, bytesPerPhoto }) => [
          of,
          mAP.toFixed(4),
          `${bytesPerPhoto} bytes a photo`
        ])
      )
    ])
  })
}

/** The rows of the photos below a folder; all when none is given. Throws Fault not-found. */
async function queriesOf(paths: readonly string[], folder: string | undefined): Promise<number[]> {
  const below = folder === undefined ? '' : (await realPathOf(folder)) + sep
  const rows = [...paths.keys()].filter((row) => paths[row]!.startsWith(below))
  if (rows.length > 0 || folder === undefined) return rows
  throw new Fault({
    kind: 'not-found',
    about: 'folder',
    subject: folder,
    expected: 'a folder with indexed photos of the library, or one inside it',
    received: 'none'
  })
}

/** A folder that is gone may still be in the library. */
function realPathOf(folder: string): Promise<string> {
  return realpath(folder).catch(() => resolve(folder))
}

function nothingIndexed(): Fault {
  return new Fault({
    kind: 'bad-argument',
    subject: 'evaluate',
    expected: 'a library with indexed photos (index a folder first)',
    received: 'none'
  })
}
