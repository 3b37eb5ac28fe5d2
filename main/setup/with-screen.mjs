// `node main/setup/with-screen.mjs <command> [argument...]`: runs a command that opens the built
// app, with a runtime for it and a display of its own. Plain Node without dependencies.
import { ensureBuild } from './build.mjs'
import { ensureDebian } from './debian.mjs'
import { run, runScript } from './machine.mjs'
import { ensureModules } from './modules.mjs'
import { ensureRuntime } from './runtime.mjs'

async function withScreen(command) {
  await ensureModules()
  await ensureDebian({ forTests: true })
  const { folder } = await ensureRuntime()
  await ensureBuild()
  const display = ['-a', '-s', '-screen 0 1600x1000x24']
  return run('xvfb-run', [...display, ...command], { env: { ELECTRON_OVERRIDE_DIST_PATH: folder } })
}

await runScript(withScreen)
