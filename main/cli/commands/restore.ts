// `kindred restore [copy]`: which dated copies of a library there are, and going back to one.
import * as v from 'valibot'
import { listCopies, restore } from '../../engine/copies/restore-copy.ts'
import type { CopyInfo } from '../../engine/copies/restore-copy.ts'
import { rebuiltSentence } from '../../wire/rebuilt.ts'
import { withLibrary } from '../command.ts'
import { EXIT, createOutput, tellError } from '../output.ts'
import type { Command } from '../parser.ts'

const Options = v.object({ library: v.string(), json: v.optional(v.boolean(), false) })

/** Registers the command. */
export function restoreCommand(program: Command): void {
  withLibrary(program.command('restore'))
    .description('Go back to a copy of folders, favourites, ratings, settings and models.')
    .argument('[copy]', 'its date or the beginning of it, its file name, or a file elsewhere')
    .addHelpText(
      'after',
      '\nAnswers {from, kept}: the time that the library went back to, and the file that the former' +
        '\ncatalogue is called now; nothing of it is lost. Without a copy it answers which there are:' +
        '\n[{path, at, marks}], at in ms since 1970, marks favourites and ratings, null for one that' +
        '\ncannot be read. Photos are indexed again by `index`, or by the app. The library must not be open.'
    )
    .action(restoreOrList)
}

function restoreOrList(copy: string | undefined, options: unknown): void {
  const { library, json } = v.parse(Options, options)
  const output = createOutput(json)
  try {
    if (copy === undefined) {
      const copies = listCopies(library)
      output.answer(copies, () => (copies.length > 0 ? copies.map(lineOf) : ['There is no copy yet.']))
    } else {
      const done = restore(library, copy, Date.now())
      output.answer({ from: done.from, kept: done.kept }, () => [rebuiltSentence(done)])
    }
    process.exitCode = EXIT.done
  } catch (error) {
    process.exitCode = tellError(error)
  }
}

function lineOf({ at, marks }: CopyInfo): string {
  const date = new Date(at).toISOString()
  return `${date}  ${marks === null ? 'cannot be read' : `${marks} favourites and ratings`}`
}
