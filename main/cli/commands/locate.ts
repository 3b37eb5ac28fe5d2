// `kindred locate <former> <folder>`: a folder of the library lies elsewhere now.
import { runWithEngine, withLibrary } from '../command.ts'
import type { Command } from '../parser.ts'

/** Registers the command. */
export function locateCommand(program: Command): void {
  withLibrary(program.command('locate'))
    .description('Tell where a folder of the library lies now: all that is known of it is kept.')
    .argument('<former>', 'its path in the library, as `status` tells it')
    .argument('<folder>', 'where it lies now')
    .addHelpText('after', '\nAnswers {photos}: those of the whole library.')
    .action((former: string, folder: string, options: unknown) => locate(former, folder, options))
}

async function locate(former: string, folder: string, options: unknown): Promise<void> {
  await runWithEngine(options, async (engine, output) => {
    await engine.locateFolder(former, folder)
    await engine.rescan()
    await engine.idle()
    const { photos } = engine.status()
    output.answer({ photos }, () => [`${former} lies at ${folder} now; ${photos} photos in all.`])
  })
}
