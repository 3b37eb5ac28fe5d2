// `npm run package`: builds the app that is given to people, as a folder below dist/. Set-up;
// electron-builder. `--test-runtime <folder>` packages the test runtime instead, into that folder:
// only to test packaging.
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ensureBuild } from './build.mjs'
import { ROOT, SetupError, runScript } from './machine.mjs'
import { ensureModules } from './modules.mjs'
import { FUSES, RELEASE } from './packaging.mjs'
import { TEST_RUNTIME, ensureRuntime, ensureTestRuntime } from './runtime.mjs'

/**
 * The same with the test runtime in it, written to `output`. Such a package is never given away.
 */
function forTesting(runtime, output) {
  return {
    ...RELEASE,
    directories: { output },
    electronDist: runtime.folder,
    electronVersion: TEST_RUNTIME.version,
    // The default app that the runtime's cache holds is no part of any package.
    afterPack: ({ appOutDir }) =>
      rmSync(join(appOutDir, 'resources/default_app.asar'), { force: true })
  }
}

async function makePackage(args) {
  await ensureModules()
  const [flag, output] = args
  if (args.length > 0 && (flag !== '--test-runtime' || !output))
    throw new SetupError('usage: npm run package [-- --test-runtime <folder>]')
  const runtime = flag ? await ensureTestRuntime() : await ensureRuntime()
  if (!flag && runtime.origin !== 'pinned')
    throw new SetupError(
      'a release needs the pinned Electron, which cannot be downloaded from here'
    )
  await ensureBuild()
  const { build } = await import('electron-builder')
  await build({
    projectDir: ROOT,
    publish: 'never',
    dir: true,
    config: flag ? forTesting(runtime, resolve(output)) : RELEASE
  })
  return 0
}

await runScript(makePackage)
