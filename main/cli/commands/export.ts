// `kindred export --to <format> <folder>`: all that the library knows of the photos, in files that
// other programs read.
import { resolve } from 'node:path'
import { type Command, Option } from '../parser.ts'
import * as v from 'valibot'
import type { LibraryAnswers } from '../../engine/api.ts'
import { runWithAnswers, withLibrary } from '../command.ts'
import type { Output } from '../output.ts'
import { Format, exportLibrary } from '../export/export-library.ts'

const Options = v.object({ to: Format })

/** Registers the command. */
export function exportCommand(program: Command): void {
  withLibrary(program.command('export'))
    .description('Write photos, marks, dates, descriptors and codes for other programs.')
    .argument('<folder>', 'where to; a new or an empty folder')
    .addOption(
      new Option('--to <format>', 'what for: tables of Parquet, arrays of NumPy, an index of faiss')
        .choices(Format.options)
        .makeOptionMandatory()
    )
    .addHelpText(
      'after',
      '\nAnswers {folder, photos, files, bytes}. The library may be open elsewhere: what it holds' +
        '\nat this moment is written. Stopped or failed, it leaves nothing. docs/export.md tells' +
        '\nwhat is in each file and column, and how to search them with other programs.'
    )
    .action(exportTo)
}

async function exportTo(path: string, options: unknown): Promise<void> {
  const job = async (answers: LibraryAnswers, output: Output): Promise<void> => {
    const { to } = v.parse(Options, options)
    const folder = resolve(path)
    const snapshot = answers.snapshot()
    const { count } = snapshot
    const exported = await exportLibrary(snapshot, to, folder, (done) =>
      output.progress(`${done} of ${count} photos written`)
    )
    const { photos, files, bytes } = exported
    output.answer({ folder, ...exported }, () => [
      `${photos} photos are in ${folder} (${(bytes / 1e6).toFixed(1)} MB): ${files.join(', ')}.`
    ])
  }
  await runWithAnswers(options, job, { stopping: 'what was written is removed' })
}
