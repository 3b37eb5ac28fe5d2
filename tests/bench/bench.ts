// `npm run bench -- <name> [options]`: runs tests/bench/<name>.bench.ts in a process of its own;
// without a name it lists what there is. Numbers to be read beside the machine that they are
// printed with.
import { spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ENDING = '.bench.ts'
const folder = dirname(fileURLToPath(import.meta.url))

/** Benches that open the app, with a display of their own. */
const SCREENED = ['decoders', 'library', 'viewer']
/**
 * The superuser's Chromium gives threads higher priorities than it may give them for anybody else:
 * without that right all are as for people.
 */
const asPeople =
  process.platform === 'linux' && process.getuid?.() === 0
    ? ['setpriv', '--bounding-set', '-sys_nice']
    : []
const withScreen = join(folder, '../../main/setup/with-screen.mjs')

const names = readdirSync(folder)
  .filter((file) => file.endsWith(ENDING))
  .map((file) => file.slice(0, -ENDING.length))

/** The first sentence of the bench's own header. */
function purposeOf(name: string): string {
  const [header = ''] = readFileSync(join(folder, name + ENDING), 'utf8').split('\n')
  return header.replace(/^\/\/ /, '')
}

const [name, ...options] = process.argv.slice(2)
if (name !== undefined && names.includes(name)) {
  const script = join(folder, name + ENDING)
  const node = [process.execPath, '--import=tsx', script, ...options]
  const needsScreen = SCREENED.includes(name) && !options.includes('--help')
  const screened = [...asPeople, process.execPath, withScreen, ...node]
  const [command = '', ...args] = needsScreen ? screened : node
  const child = spawn(command, args, { stdio: 'inherit' })
  child.on('close', (code) => (process.exitCode = code ?? 1))
} else {
  const isHelp = name === undefined || name === '--help'
  if (!isHelp) console.error(`There is no bench ${name}.`)
  const list = names.map((each) => `  ${each.padEnd(12)}${purposeOf(each)}`)
  console.log(['npm run bench -- <name> [options]; --help tells those of each', ...list].join('\n'))
  process.exitCode = isHelp ? 0 : 1
}
