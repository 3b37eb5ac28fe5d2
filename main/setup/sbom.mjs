// `npm run sbom`: the list of every part of Kindred and of the tools that make it, in CycloneDX's
// format, into dist/. Set-up. No time and no number of its own: equal trees give equal files.
import { mkdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { SBOM_PROGRAM } from './licences.mjs'
import { ROOT, mustRun, runScript } from './machine.mjs'
import { ensureModules } from './modules.mjs'

await runScript(async () => {
  await ensureModules()
  const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const file = join(ROOT, 'dist', `${name}-${version}.cdx.json`)
  mkdirSync(join(ROOT, 'dist'), { recursive: true })
  const options = ['--output-reproducible', '--spec-version', '1.6', '--output-file', file]
  await mustRun(process.execPath, [SBOM_PROGRAM, ...options])
  console.log(relative(ROOT, file))
  return 0
})
