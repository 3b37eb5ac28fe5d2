// `kindred status` and `kindred failed`: what the library holds, and what it could not read.
import type { Command } from '../parser.ts'
import { runWithView, withLibrary } from '../command.ts'

/** Registers both commands. */
export function statusCommands(program: Command): void {
  withLibrary(program.command('status'))
    .description('Tell what the library holds.')
    .addHelpText(
      'after',
      '\nAnswers {photos, indexed, pending, failed, model, bytesPerPhoto}. model is null until 256' +
        '\nphotos are indexed; bytesPerPhoto is the size of one code (0 while there is none).'
    )
    .action(status)
  withLibrary(program.command('failed'))
    .description('List the photos that could not be indexed, each with its reason.')
    .addHelpText('after', '\nAnswers [{path, reason}].')
    .action(failed)
}

async function status(options: unknown): Promise<void> {
  await runWithView(options, { compute: false }, async (view, output) => {
    const state = view.status()
    const { photos, indexed, pending, model } = state
    output.answer(state, () => [
      `${photos} photos: ${indexed} indexed, ${pending} pending, ${state.failed} failed.`,
      model
        ? `Model ${model.id} (${model.kind}): ${model.bits} bits a photo, fitted on ${model.fittedOn} photos.`
        : 'No model yet: it needs 256 indexed photos. Until then kin are found by whole features.'
    ])
  })
}

async function failed(options: unknown): Promise<void> {
  await runWithView(options, { compute: false }, async (view, output) => {
    const photos = view.failed()
    output.answer(photos, () =>
      photos.length === 0
        ? ['No photo failed.']
        : photos.map(({ path, reason }) => `${path}\n    ${reason}`)
    )
  })
}
