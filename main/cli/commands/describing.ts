// `kindred arithmetic [float|8-bit]`: in which numbers the photos of a library are described, and
// having them described anew in others.
import type { Command } from '../parser.ts'
import * as v from 'valibot'
import { Arithmetic, type ArithmeticState } from '../../wire/arithmetic.ts'
import { Fault } from '../../wire/fault.ts'
import { runWithEngine, withLibrary } from '../command.ts'
import { lineOf } from './learn.ts'

/** Registers the command. */
export function arithmeticCommand(program: Command): void {
  withLibrary(program.command('arithmetic'))
    .description('Tell in which numbers photos are described, or describe all anew in others.')
    .argument('[arithmetic]', Arithmetic.options.join(' or '))
    .addHelpText(
      'after',
      '\nAnswers {own, isSlow, others, offer, isChanging}: own is float, 8-bit or tuned; isSlow says that' +
        '\nthis processor has no fast way of it; others are those in which photos could be described, offer' +
        '\nthe one of these that would be faster here. Describing anew reads every photo once more; what' +
        '\nserved goes on serving until that is done, and a run that was stopped goes on where it was.'
    )
    .action(arithmetic)
}

async function arithmetic(wanted: string | undefined, options: unknown): Promise<void> {
  if (wanted !== undefined && !v.is(Arithmetic, wanted)) throw unknownArithmetic(wanted)
  await runWithEngine(options, async ({ learner }, output) => {
    if (wanted !== undefined) {
      const leave = learner.on((learning) => output.progress(lineOf(learning)))
      await learner.describeAnew(wanted)
      leave()
    }
    const described = await learner.arithmetic()
    output.answer(described, () => linesOf(described))
  })
}

function linesOf({ own, isSlow, offer }: ArithmeticState): string[] {
  const now = own === 'tuned' ? 'by a backbone that was tuned on them' : `in ${own}`
  return [
    `The photos of this library are described ${now}${isSlow ? ', which is slow here' : ''}.`,
    ...(offer ? [`This processor would be faster in ${offer}: kindred arithmetic ${offer}`] : [])
  ]
}

function unknownArithmetic(received: string): Fault {
  const expected = Arithmetic.options.join(' or ')
  return new Fault({ kind: 'bad-argument', subject: 'arithmetic', expected, received })
}
