// Kindred without a window: `npm run -s kindred -- <command>`. Plain Node; the same engine and the
// same compute as the app, with sharp as decoder.
import { Command, CommanderError } from './parser.ts'
import { EXIT, endWithItsReader, tellError } from './output.ts'
import { albumsCommand } from './commands/kept-albums.ts'
import { arithmeticCommand } from './commands/describing.ts'
import { devicesCommand } from './commands/devices.ts'
import { duplicatesCommand } from './commands/duplicates.ts'
import { evaluateCommand } from './commands/evaluate.ts'
import { exportCommand } from './commands/export.ts'
import { indexCommand } from './commands/index.ts'
import { leaveOutCommands } from './commands/leave-out.ts'
import { locateCommand } from './commands/locate.ts'
import { notLikeCommand } from './commands/not-like.ts'
import { reproduceCommand } from './commands/reproduce.ts'
import { learnCommands } from './commands/learn.ts'
import { restoreCommand } from './commands/restore.ts'
import { similarCommand } from './commands/similar.ts'
import { statusCommands } from './commands/status.ts'

const program = new Command('kindred')
  .description(
    'Indexes photos, learns a compact code for each, and finds their kin. Nothing leaves this machine.'
  )
  .showHelpAfterError('(add --help to see how it is used)')
  .configureHelp({ showGlobalOptions: true })
  .exitOverride()
  .addHelpText(
    'after',
    '\nThe answer goes to stdout, as JSON with --json; progress goes to stderr.' +
      `\nExit codes: ${EXIT.done} done, ${EXIT.fault} a fault told on stderr, ${EXIT.usage} wrong usage, ` +
      `${EXIT.bug} an error of ours, ${EXIT.waiting} photos or folders wait (for a disk, say; ` +
      `run it again), ` +
      `${EXIT.interrupted} stopped by Ctrl-C (what was done is kept), ` +
      `${EXIT.unread} nobody reads the answer.`
  )

for (const register of [
  indexCommand,
  similarCommand,
  notLikeCommand,
  albumsCommand,
  duplicatesCommand,
  statusCommands,
  evaluateCommand,
  learnCommands,
  devicesCommand,
  arithmeticCommand,
  restoreCommand,
  exportCommand,
  locateCommand,
  leaveOutCommands,
  reproduceCommand
])
  register(program)

endWithItsReader()
program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError)
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage
  else process.exitCode = tellError(error)
})
