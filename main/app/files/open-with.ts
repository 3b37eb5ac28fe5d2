// The programs of the system that open pictures, as their desktop files say (freedesktop.org's
// desktop entry specification), and starting one with files. Runs in app; knows files and
// processes, not Electron. Only what is installed is offered: the page names no program.
import { spawn } from 'node:child_process'
import { readFile, readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { systemCodeOf } from '../../wire/system-fault.ts'

export interface Program {
  name: string
  /** Its desktop file. */
  file: string
}

/** The programs that open pictures, by name. */
export async function picturePrograms(env = process.env): Promise<Program[]> {
  const home = env['XDG_DATA_HOME'] || join(homedir(), '.local/share')
  const others = (env['XDG_DATA_DIRS'] || '/usr/local/share:/usr/share').split(':')
  const found = new Map<string, Program>()
  const seen = new Set<string>()
  for (const folder of [home, ...others].map((each) => join(each, 'applications')))
    for (const name of await namesIn(folder)) {
      if (!name.endsWith('.desktop') || seen.has(name)) continue
      seen.add(name) // one nearer to the person hides others of its name
      const text = await textOf(join(folder, name))
      const program = text === undefined ? undefined : programOf(join(folder, name), text)
      if (program && !found.has(program.name)) found.set(program.name, program)
    }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name))
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (systemCodeOf(error) !== undefined) return []
    throw error
  }
}

/** What a file holds; undefined for one that cannot be read, as a link into a removed package. */
async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (systemCodeOf(error) !== undefined) return undefined
    throw error
  }
}

/** Reads a desktop file; undefined for one that opens no pictures, or is not to be shown. */
function programOf(file: string, text: string): Program | undefined {
  const main = text.split(/^\[/m).find((group) => group.startsWith('Desktop Entry]')) ?? ''
  const value = (key: string): string =>
    new RegExp(`^${key}[ \\t]*=[ \\t]*(.*)$`, 'm').exec(main)?.[1]?.trim() ?? ''
  const isShown = value('Hidden') !== 'true' && value('NoDisplay') !== 'true'
  const opens = /(^|;)image\/(jpeg|png|\*)/.test(value('MimeType')) && /%[fFuU]/.test(value('Exec'))
  const name = value('Name')
  return isShown && opens && value('Type') === 'Application' && name ? { name, file } : undefined
}

/** Starts a program with files; rejects where that is not possible. Does not wait for its end. */
export async function openWith({ file }: Program, paths: readonly string[]): Promise<void> {
  const child = spawn('gio', ['launch', file, ...paths], { detached: true, stdio: 'ignore' })
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('spawn', () => resolve())
  })
  child.unref()
}
