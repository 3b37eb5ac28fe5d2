// `kindred learn`, `models`, `rollback <model>` and `devices`: what the app does by itself, when it
// is asked for.
import { type Command, Option } from '../parser.ts'
import * as v from 'valibot'
import { LearnOptions, PROVIDERS } from '../../wire/learning-contract.ts'
import type { KeptModel, Learning } from '../../wire/learning-contract.ts'
import { Fault } from '../../wire/fault.ts'
import { runWithEngine, runWithAnswers, wholeNumber, withLibrary } from '../command.ts'
import { spokenDuration, table } from '../output.ts'

const whole = (option: string, least: number, most: number) =>
  v.optional(
    v.pipe(
      v.string(),
      v.transform((text) => wholeNumber(option, text, least, most))
    )
  )

const Given = v.object({
  depth: v.optional(v.string()),
  bits: whole('--bits', 16, 128),
  loss: v.optional(v.string()),
  pairs: v.optional(v.string()),
  temperature: v.optional(v.string()),
  steps: whole('--steps', 1, 1_000_000),
  seed: whole('--seed', 0, 2 ** 31 - 1),
  provider: v.optional(v.string())
})

/** Registers the commands. */
export function learnCommands(program: Command): void {
  withLibrary(program.command('learn'))
    .description('Learn codes on the photos of the library; they serve if they prove better.')
    .addOption(
      new Option('--depth <depth>', 'head: quick; deep: the last blocks of the network too')
        .choices(['head', 'deep'])
        .default('head')
    )
    .addOption(new Option('--bits <n>', 'bits of a code').choices(['16', '32', '64', '128']))
    .addOption(new Option('--loss <loss>', 'the loss').choices(['spq', 'sscq']))
    .addOption(
      new Option('--pairs <pairs>', 'what is pulled together; chosen by itself when left out')
        .choices(['neighbours', 'views'])
    )
    .option('--temperature <t>', 'chosen by itself when left out')
    .option('--steps <n>', 'of each trial, or of deep training; by the number of photos if left out')
    .option('--seed <n>', 'of all that is drawn')
    .addOption(
      new Option('--provider <name>', 'what computes the steps').choices(['auto', ...PROVIDERS])
    )
    .addHelpText(
      'after',
      '\nAnswers {kept, steps, seconds, stepMilliseconds, scoreBefore, scoreAfter, model, verdict}: scores' +
        '\nare of photos that nothing learns from, without labels, 0..1; verdict has the gain and its 98 %' +
        '\ninterval; the bits are remembered; model is the one that serves now. A run that' +
        '\nwas stopped goes on where it was when the same options are given. Deep training begins with the' +
        '\nmodel that serves and keeps its bits; all photos are described anew before it serves.'
    )
    .action(learn)
  withLibrary(program.command('models'))
    .description('List the models of the library, the latest first.')
    .addHelpText('after', '\nAnswers [{id, kind, depth, state, bits, fittedOn, createdAt, ...}].')
    .action(models)
  withLibrary(program.command('rollback'))
    .description('Let an earlier model serve again.')
    .argument('<model>', 'its id, as `models` lists it')
    .addHelpText('after', '\nAnswers {model}.')
    .action(rollback)
}

async function learn(options: unknown): Promise<void> {
  const given = learnOptions(options)
  await runWithEngine(options, async (engine, output) => {
    const leave = engine.learner.on((learning) => output.progress(lineOf(learning)))
    await engine.rescan()
    await engine.idle()
    const result = await engine.learner.learn(given)
    leave()
    const { reason, ...answer } = result
    output.answer(answer, () => [
      reason,
      `${result.steps} steps of ${result.stepMilliseconds.toFixed(1)} ms; ` +
        `${spokenDuration(result.seconds)} in all. ` +
        (result.model === null ? 'No model serves.' : `Model ${result.model} serves.`)
    ])
  })
}

/** What the options say. Throws Fault bad-argument. */
function learnOptions(options: unknown): LearnOptions {
  const { temperature, ...given } = v.parse(Given, options)
  const parsed = v.safeParse(LearnOptions, {
    ...given,
    ...(temperature !== undefined && { temperature: Number(temperature) })
  })
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  throw new Fault({
    kind: 'bad-argument',
    subject: `--${v.getDotPath(issue) ?? ''}`,
    expected: issue.expected ?? issue.message,
    received: issue.received
  })
}

async function models(options: unknown): Promise<void> {
  await runWithAnswers(options, async (answers, output) => {
    const kept = await answers.models()
    output.answer(kept, () =>
      kept.length === 0 ? ['No model yet: it needs 256 indexed photos.'] : table(kept.map(rowOf))
    )
  })
}

async function rollback(model: string, options: unknown): Promise<void> {
  const id = wholeNumber('model', model, 1, 2 ** 53 - 1)
  await runWithEngine(options, async ({ learner }, output) => {
    const leave = learner.on((learning) => output.progress(lineOf(learning)))
    await learner.rollback(id)
    leave()
    output.answer({ model: id }, () => [`Model ${id} serves again.`])
  })
}

function rowOf(model: KeptModel): string[] {
  const { id, kind, depth, state, bits, fittedOn, createdAt, scoreBefore, scoreAfter } = model
  const score = (value: number | null): string => (value === null ? '-' : value.toFixed(3))
  return [
    String(id),
    kind === 'learned' ? `learned (${depth})` : 'first',
    state,
    `${bits} bits`,
    `${fittedOn} photos`,
    new Date(createdAt).toISOString().slice(0, 16).replace('T', ' '),
    `score ${score(scoreBefore)} -> ${score(scoreAfter)}`
  ]
}

/** What learning is at, in a line. */
export function lineOf(learning: Learning): string {
  const { state, waitsFor, phase, done, total, trial, trials, secondsLeft, curve } = learning
  if (waitsFor !== null) return `waiting for ${waitsFor}`
  if (state !== 'running' && state !== 'returning') return `learning: ${state}`
  const what = state === 'running' ? 'learning' : learning.anew ? 'describing anew' : 'going back'
  const parts = [`${what}, ${phase ?? 'starting'}: ${done} of ${total}`]
  if (trials > 0) parts.push(`trial ${trial + 1} of ${trials}`)
  const loss = curve.at(-1)?.loss
  if (loss !== undefined) parts.push(`loss ${loss.toFixed(3)}`)
  if (secondsLeft !== null) parts.push(`${spokenDuration(secondsLeft)} left`)
  return parts.join(', ')
}
