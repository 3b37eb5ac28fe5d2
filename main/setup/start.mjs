// `npm start -- [folder...]`: installs, builds and opens the app, from a fresh clone too.
// Plain Node without dependencies; each step does nothing when it was done before.
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { ensureBuild } from './build.mjs'
import { ensureDebian } from './debian.mjs'
import { IS_ROOT, ROOT, SetupError, runScript, say } from './machine.mjs'
import { ensureModules } from './modules.mjs'
import { ensureRuntime } from './runtime.mjs'
import { runElectron } from './sandbox.mjs'

const TEST_RUNTIME_WARNING =
  'a test runtime with an old Chromium: for trying Kindred out, not for photos you do not trust'

const HELP = `npm start -- [folder...]

Installs and builds Kindred where needed, opens it, and adds the folders named to its library.`

function foldersOf(args) {
  // npm runs scripts in the project's folder; a relative folder is meant from where the person
  // stands.
  const here = process.env.INIT_CWD || process.cwd()
  return args.map((arg) => {
    if (arg.startsWith('-'))
      throw new SetupError(`there is no option ${arg}; see npm start -- --help`)
    const folder = resolve(here, arg)
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new SetupError(`${arg} is not a folder`)
    return folder
  })
}

async function start(args) {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(HELP)
    return 0
  }
  const folders = foldersOf(args)
  await ensureModules()
  await ensureDebian({ forTests: false })
  const electron = await ensureRuntime()
  await ensureBuild()
  const needsScreen = process.platform === 'linux'
  if (needsScreen && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    throw new SetupError(
      'there is no screen here (DISPLAY is not set); try `xvfb-run -a npm start`'
    )
  // Chromium refuses to run its sandbox as root; for any other user it stays on.
  const noSandbox = IS_ROOT ? ['--no-sandbox'] : []
  const isTest = electron.origin === 'test'
  if (isTest) say(`this is ${TEST_RUNTIME_WARNING}`)
  const marked = isTest ? ['--test-runtime'] : [] // the window says so, too
  return runElectron(electron.executable, [ROOT, ...noSandbox, ...marked, ...folders])
}

await runScript(start)
