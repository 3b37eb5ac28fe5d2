// `npm run screenshot`: makes the README's picture in the real app. Plain Node without
// dependencies.
import { ensureBuild } from './build.mjs'
import { ensureDebian } from './debian.mjs'
import { run, runScript } from './machine.mjs'
import { ensureModules } from './modules.mjs'
import { ensureRuntime } from './runtime.mjs'

async function screenshot() {
  await ensureModules()
  await ensureDebian({ forTests: true })
  const { folder } = await ensureRuntime()
  await ensureBuild()
  const node = [process.execPath, '--import=tsx', '--test', 'tests/e2e/readme/screenshot.ts']
  const display = ['-a', '-s', '-screen 0 1600x1000x24']
  return run('xvfb-run', [...display, ...node], { env: { ELECTRON_OVERRIDE_DIST_PATH: folder } })
}

await runScript(screenshot)
