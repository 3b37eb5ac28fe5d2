// There is one app for a person and their library: a later start hands its folders to the first and
// ends. Runs in app.
//
// [Note: starts while it closes] An app that closes still holds the lock and its library, and opens
// nothing any more: a start that handed it its folders then would be lost. So it leaves a file as
// its answer, and the later start asks again until it is the only one. The answer is there before
// the other goes on: Chromium lets it wait until 'second-instance' was handled.
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { app } from 'electron'
import * as v from 'valibot'

const Handed = v.object({ folders: v.array(v.string()) })

/** A later start asks so often whether the first has ended, ms. */
const ASK_EVERY = 50

export interface LaterStarts {
  /** True from the moment when the app will not open anything any more. */
  isClosing(): boolean
  /** Somebody started the app a second time, with these folders. */
  onStart(folders: string[]): void
}

/**
 * Makes this process the only app, waiting for one that is closing.
 * @returns false when another one runs: it was told of the folders, and this process should end.
 */
export async function becomeOnlyInstance(
  folders: readonly string[],
  later: LaterStarts
): Promise<boolean> {
  const closing = join(app.getPath('userData'), 'closing')
  while (!app.requestSingleInstanceLock({ folders })) {
    if (!existsSync(closing)) return false
    await sleep(ASK_EVERY)
  }
  rmSync(closing, { force: true })
  app.on('second-instance', (_event, _argv, _here, data) => {
    if (later.isClosing()) return writeFileSync(closing, '')
    rmSync(closing, { force: true })
    const handed = v.safeParse(Handed, data)
    later.onStart(handed.success ? handed.output.folders : [])
  })
  return true
}
