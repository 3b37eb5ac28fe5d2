// Copies of runtime and app for a user without rights. Root cannot have Chromium's sandbox: its
// tests start Electron as that user. Test code only.
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, copyFileSync, cpSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT, electronExecutable, temporaryFolder } from './electron.ts'
import type { Ending } from './endings.ts'
import { NOBODY } from './without-rights.ts'

export { NOBODY }

/** What engine and compute load, and what this machine has no use for. */
const MODULES = [
  '@photostructure',
  'long',
  'node-gyp-build',
  'onnxruntime-common',
  'onnxruntime-node',
  'protobufjs'
]
const UNUSED = /napi-v6\/(darwin|win32)$|sqlite\/(src|vendor|deps)$/

/** A folder that everyone may read, with the runtime in it and a home for nobody. */
export function runtimeForNobody(t: Ending): string {
  const folder = temporaryFolder(t, 'nobody')
  execFileSync('cp', ['-rL', dirname(electronExecutable()), join(folder, 'electron')])
  makeHome(folder)
  execFileSync('chmod', ['-R', 'a+rX', join(folder, 'electron')])
  return folder
}

/** Makes a folder that everyone may read, with a home for nobody below it. */
export function makeHome(folder: string): void {
  chmodSync(folder, 0o755)
  const home = join(folder, 'home')
  mkdirSync(home)
  // The display is opened with a key file; this user gets one of its own.
  if (process.env.XAUTHORITY) copyFileSync(process.env.XAUTHORITY, join(home, '.Xauthority'))
  for (const path of [home, ...readdirSync(home).map((name) => join(home, name))])
    chownSync(path, NOBODY, NOBODY)
}

/** The same with the app in it. */
export function appForNobody(t: Ending): string {
  const folder = runtimeForNobody(t)
  cpSync(join(ROOT, 'out'), join(folder, 'app/out'), { recursive: true })
  copyFileSync(join(ROOT, 'package.json'), join(folder, 'app/package.json'))
  for (const path of ['model/backbones', ...MODULES.map((name) => `node_modules/${name}`)])
    cpSync(join(ROOT, path), join(folder, 'app', path), {
      recursive: true,
      dereference: true,
      filter: (from) => !UNUSED.test(from)
    })
  execFileSync('chmod', ['-R', 'a+rX', join(folder, 'app')])
  return folder
}

/** The surroundings in which nobody starts what lies in such a folder. */
export function environmentOfNobody(folder: string): NodeJS.ProcessEnv {
  const home = join(folder, 'home')
  return {
    ...process.env,
    HOME: home,
    XAUTHORITY: join(home, '.Xauthority'),
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_RUNTIME_DIR: home
  }
}
