// `npm run -s kindred -- <command>`: the command line, built where its sources changed; from its
// sources where only what it needs is installed (`npm ci --omit=dev`). Plain Node.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureCommandLine } from './build.mjs'
import { ROOT } from './machine.mjs'

const SOURCE = join(ROOT, 'main/cli/kindred.ts')

async function entry() {
  if (existsSync(join(ROOT, 'node_modules/vite'))) return ensureCommandLine()
  if (!process.features.typescript) (await import('tsx/esm/api')).register()
  return SOURCE
}

await import(pathToFileURL(await entry()).href)
