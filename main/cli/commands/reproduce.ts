// `kindred reproduce`: both papers on CIFAR-10, or on pictures in folders of classes, from random
// weights. Needs no library; ONNX Runtime runs in this process.
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import {
  BITS,
  METHODS,
  PROVIDERS,
  RECIPES,
  balancedRows,
  picturesAt,
  type Pictures
} from '../../../model/learning.ts'
import { readDataSet } from '../../compute/benchmark/data-set.ts'
import { Fault } from '../../wire/fault.ts'
import { wholeNumber } from '../command.ts'
import { EXIT, createOutput, spokenDuration, table, tellError, type Output } from '../output.ts'
import { type Command, Option } from '../parser.ts'
import { runBenchmark } from '../reproduce/benchmark.ts'
import { hasCheckpoint, providerOf, writableFolder } from '../reproduce/run-checkpoint.ts'
import { bestOf, lossesOf, valuesOf } from '../reproduce/loss-history.ts'
import { providerFor } from '../reproduce/provider.ts'

const Options = v.object({
  method: v.picklist(METHODS),
  data: v.string(),
  out: v.string(),
  bits: v.pipe(v.string(), v.transform(Number), v.picklist(BITS)),
  epochs: v.optional(v.string()),
  batch: v.string(),
  seed: v.string(),
  provider: v.picklist(['auto', ...PROVIDERS]),
  images: v.optional(v.string()),
  queries: v.optional(v.string()),
  evaluateEvery: v.optional(v.string()),
  ranking: v.picklist(['plain', 'squared']),
  narrower: v.string(),
  resume: v.optional(v.boolean(), false),
  json: v.optional(v.boolean(), false)
})
type Options = v.InferOutput<typeof Options>

const MOST = 1_000_000
/** CIFAR-10 has so many pictures to train on for each query. */
const PICTURES_A_QUERY = 5
/** Evaluations of a run, unless said. */
const EVALUATIONS = 50

/** Registers the command. */
export function reproduceCommand(program: Command): void {
  const { spq, sscq } = RECIPES
  program
    .command('reproduce')
    .description("Train the papers' networks from random weights and measure mAP@1000.")
    .addOption(new Option('--method <name>', 'the paper').choices(METHODS).makeOptionMandatory())
    .requiredOption(
      '--data <dir>',
      "CIFAR-10's binary batches, or train/<class>/* and test/<class>/* with pictures"
    )
    .requiredOption('--out <dir>', 'where checkpoint, log and plot go; a run there goes on')
    .addOption(
      new Option('--bits <n>', 'bits a code').choices(BITS.map(String)).default(String(BITS[1]))
    )
    .option(
      '--epochs <n>',
      `epochs of the whole run (default: ${spq.epochs} spq, ${sscq.epochs} sscq)`
    )
    .option('--batch <n>', 'pictures a step', '256')
    .option('--seed <n>', 'all that is random', '1')
    .addOption(
      new Option('--provider <name>', 'what runs the steps; auto measures')
        .choices(['auto', ...PROVIDERS])
        .default('auto')
    )
    .option('--images <n>', 'train on so many, as many of each class (default: all)')
    .option('--queries <n>', 'ask so many, likewise (default: all; a fifth of --images)')
    .option('--evaluate-every <n>', `epochs (default: a ${EVALUATIONS}th of the run)`)
    .addOption(
      new Option('--ranking <kind>', "codes by sums of distances, as SPQ's code, or of squares")
        .choices(['plain', 'squared'])
        .default('plain')
    )
    .addOption(
      new Option('--narrower <n>', "divides the network's widths, for tests")
        .choices(['1', '2', '4', '8'])
        .default('1')
        .hideHelp()
    )
    .option('--resume', 'insist that there is a run to go on with')
    .option('--json', 'print the answer as JSON on stdout')
    .addHelpText(
      'after',
      '\nAll training pictures are gallery and, without their labels, training set; all test pictures' +
        '\nare queries. Warm-up: 10 epochs, a tenth of a run of fewer than 100; then one cosine.' +
        '\nWrites checkpoint.safetensors, log.jsonl and plot.svg after every epoch. Ctrl-C writes them' +
        '\ntoo; the same command goes on to the very same losses.' +
        '\nAnswers {method, bits, images, epochs, loss: [of each epoch], mAP: [{epoch, value}], best};' +
        '\nepoch 0 is untrained. best is {epoch, value} of all queries, as the papers choose it, and' +
        '\nheldOut: {epoch, value, others}, chosen by a tenth of the queries: its mAP, and that of the' +
        '\nother nine tenths at that epoch.'
    )
    .action(reproduce)
}

async function reproduce(given: unknown): Promise<void> {
  const options = v.parse(Options, given)
  const output = createOutput(options.json)
  const controller = new AbortController()
  const interrupt = (): void => {
    output.note('kindred: stopping after this step; a checkpoint is written.')
    controller.abort()
  }
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  try {
    await runWith(options, output, controller.signal)
    process.exitCode = EXIT.done
  } catch (error) {
    process.exitCode = tellError(error)
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

async function runWith(options: Options, output: Output, signal: AbortSignal): Promise<void> {
  const { method, bits, out: folder, ranking, resume } = options
  const epochs = given('--epochs', options.epochs, 1, MOST) ?? RECIPES[method].epochs
  const batch = wholeNumber('--batch', options.batch, 2, 65_536)
  const seed = wholeNumber('--seed', options.seed, 0, 2 ** 31 - 1)
  const every =
    given('--evaluate-every', options.evaluateEvery, 1, MOST) ?? Math.ceil(epochs / EVALUATIONS)
  if (resume && !hasCheckpoint(folder)) throw nothingToResume(folder)
  await writableFolder(folder)
  output.progress('reading the pictures')
  const data = await readDataSet(options.data)
  const [n, m] = [data.train.labels.length, data.test.labels.length]
  output.note(`kindred: ${n} pictures to train on, ${m} to ask.`)
  if (n < batch) throw tooFew(n, batch)
  const images = wholeNumber('--images', options.images ?? String(n), batch, n)
  const fifth = Math.min(m, Math.max(1, Math.round(images / PICTURES_A_QUERY)))
  const queries = given('--queries', options.queries, 1, m) ?? (images < n ? fifth : m)
  const gallery = picturesAt(data.train, balancedRows(data.train.labels, images, seed))
  const asked = picturesAt(data.test, balancedRows(data.test.labels, queries, seed))
  // A run goes on with what it began with, though another one be faster now.
  const wanted = options.provider === 'auto' ? await providerOf(folder) : options.provider
  const provider = await providerFor(wanted ?? 'auto', method, bits, output.note)
  const hash = hashOf(gallery, asked)
  const settings = {
    ...{ method, bits, epochs, batch, seed, images, queries, ranking, provider },
    narrower: Number(options.narrower),
    data: hash
  }
  const { progress } = output
  const benchmark = { settings, evaluateEvery: every, gallery, queries: asked, folder }
  const history = await runBenchmark({ ...benchmark, signal, progress })

  const best = bestOf(history)
  const mAP = valuesOf(history)
  const answer = { method, bits, images, epochs, loss: lossesOf(history), mAP, best }
  const seconds = history.reduce((sum, each) => sum + (each.seconds ?? 0), 0)
  output.answer(answer, () => [
    `${method} at ${bits} bits, ${images} pictures, ${epochs} epochs in ${spokenDuration(seconds)} ` +
      `on ${provider}; mAP@1000 of ${queries} queries:`,
    ...table([
      ['untrained', (mAP[0]?.value ?? 0).toFixed(4)],
      [`best, epoch ${best.epoch}`, best.value.toFixed(4)],
      [`chosen by a held-out tenth, epoch ${best.heldOut.epoch}`, best.heldOut.value.toFixed(4)],
      ['the other nine tenths then', best.heldOut.others.toFixed(4)]
    ]),
    `Checkpoint, log and plot are in ${folder}.`
  ])
}

function given(
  option: string,
  text: string | undefined,
  least: number,
  most: number
): number | undefined {
  return text === undefined ? undefined : wholeNumber(option, text, least, most)
}

function hashOf(...parts: readonly Pictures[]): string {
  const hash = createHash('sha256')
  for (const { pixels, labels } of parts) hash.update(pixels).update(labels)
  return hash.digest('hex')
}

function tooFew(pictures: number, batch: number): Fault {
  return new Fault({
    kind: 'bad-argument',
    subject: '--batch',
    expected: `at most as many as there are pictures to train on, ${pictures}`,
    received: String(batch)
  })
}

function nothingToResume(folder: string): Fault {
  return new Fault({
    kind: 'bad-argument',
    subject: `--out ${folder}`,
    expected: 'a checkpoint to go on with (without --resume a run begins there)',
    received: 'none'
  })
}
