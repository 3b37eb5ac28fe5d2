// What is said on stderr, by app and by the processes it starts, is kept in <userData>/logs, too;
// so are the ends of all children of Chromium. Runs in app. What of it is written: log-lines.ts.
import { join } from 'node:path'
import { format } from 'node:util'
import { app, dialog, shell } from 'electron'
import { LogFile } from './log-file.ts'
import { logLines } from './log-lines.ts'

export type LogSource = 'app' | 'engine' | 'compute'

let file: LogFile | undefined
/** Why nothing is written, told once. */
let trouble: string | undefined

/** Writes to the log alone. */
function note(source: LogSource, text: string): void {
  if (!file) return
  const now = new Date().toISOString()
  try {
    for (const line of logLines(text)) file.write(`${now} ${source.padEnd(7)} ${line}`)
    trouble = undefined
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (reason === trouble) return
    trouble = reason
    process.stderr.write(`kindred: the log is not written: ${reason}\n`)
  }
}

/** Says what a child wrote to its stderr or stdout, as it is, on stderr and in the log. */
export function pass(source: LogSource, text: string): void {
  process.stderr.write(`${text}\n`)
  note(source, text)
}

/** One calm line for an error of the surroundings, with what it came of; all of it in the log. */
export function tell(what: string, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`kindred: ${what}: ${message.replace(/\s+/g, ' ')}\n`)
  note('app', `${what}: ${format(error)}`)
}

/** An error of ours that nobody caught: the app goes on, and says where more of it is. */
function tellUncaught(error: unknown): void {
  tell('an error of the app itself', error)
  if (!app.isReady()) return app.exit(1) // it never came to be
  void dialog
    .showMessageBox({
      type: 'error',
      title: 'Kindred',
      message: 'Something went wrong in Kindred itself.',
      detail: 'It goes on. If something does not work, close it and start it again.',
      buttons: ['Close', 'Show Logs'],
      cancelId: 0
    })
    .then(({ response }) => (response === 1 ? showLogs() : undefined))
}

/** Opens the folder of the logs in the system's file manager. */
export async function showLogs(): Promise<void> {
  const folder = app.getPath('logs')
  const refusal = await shell.openPath(folder)
  if (!refusal) return
  tell('the folder of the logs cannot be shown', refusal)
  await dialog.showMessageBox({ title: 'Kindred', message: 'The logs are in', detail: folder })
}

/** Keeps from now on what is said; call once, in the only app of a person. */
export function keepLogs(): void {
  app.setAppLogsPath(join(app.getPath('userData'), 'logs')) // the one place that sets it
  file = new LogFile(app.getPath('logs'))
  for (const method of ['error', 'warn', 'info', 'log'] as const)
    console[method] = (...said: unknown[]) => pass('app', format(...said))
  process.stderr.on('error', () => undefined) // the terminal was closed: no reason to end
  process.stdout.on('error', () => undefined)
  process.on('warning', (warning) => note('app', format(warning)))
  process.on('uncaughtException', tellUncaught)
  process.on('unhandledRejection', tellUncaught)
  app.on('child-process-gone', (_event, { type, name, reason, exitCode }) => {
    if (reason !== 'clean-exit') note('app', `${name ?? type} ended: ${reason}, code ${exitCode}`)
  })
  app.on('quit', (_event, code) => note('app', `ends with ${code}`))
  const { electron, chrome } = process.versions
  const system = `${process.platform} ${process.getSystemVersion()} ${process.arch}`
  note('app', `Kindred ${app.getVersion()}, Electron ${electron}, Chromium ${chrome}, ${system}`)
}
