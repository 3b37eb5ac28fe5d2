// `kindred evaluate`: how well kin are found when the names of the folders are taken as labels.
import { basename, dirname } from 'node:path'
import { type Command, Option } from '../parser.ts'
import * as v from 'valibot'
import { runWithLibrary, wholeNumber, withLibrary } from '../command.ts'
import { rankings } from '../evaluation.ts'
import { table } from '../output.ts'
import { Fault } from '../../wire/fault.ts'
import { leaveOneOut } from '../../../model/retrieval.ts'

const Options = v.object({ top: v.string() })

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
    .addHelpText(
      'after',
      '\nEach indexed photo queries all others; AP is normalised by the relevant photos inside the top.' +
        '\nAnswers {photos, labels, top, rows: [{of, mAP, bytesPerPhoto}]}; `of` is features (of the' +
        '\nbackbone, cosine), projected, descriptors, codes (codes alone) and reordered (codes, then the' +
        '\nexact order of the best, as the app has it). bytesPerPhoto is as kept. Without a model: features only.'
    )
    .action(evaluate)
}

async function evaluate(options: unknown): Promise<void> {
  await runWithLibrary(options, { readOnly: true, compute: false }, async ({ session, output }) => {
    const given = v.parse(Options, options)
    const top = wholeNumber('--top', given.top, 1, 10_000)
    const vectors = await session.engine.vectors()
    if (vectors.ids.length === 0) throw nothingIndexed()
    const labels = vectors.paths.map((path) => basename(dirname(path)))
    const rows: { of: string; mAP: number; bytesPerPhoto: number }[] = []
    for (const { of, bytesPerPhoto, order } of rankings(vectors, top)) {
      output.progress(`evaluating ${of}`)
      const ordered = await order()
      const mAP = await leaveOneOut(labels, top, (row) => ordered(row))
      rows.push({ of, mAP, bytesPerPhoto })
    }
    const answer = { photos: labels.length, labels: new Set(labels).size, top, rows }
    output.answer(answer, () => [
      `${answer.photos} photos of ${answer.labels} labels, mAP of the first ${top}:`,
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

function nothingIndexed(): Fault {
  return new Fault({
    kind: 'not-found',
    subject: 'evaluate',
    expected: 'a library with indexed photos',
    received: 'none',
    remedy: 'Index a folder of photos first.'
  })
}
