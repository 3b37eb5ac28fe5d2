// `npm run sbom`: the list of every part of Kindred and of the tools that make it, in CycloneDX's
// format, into dist/. Set-up. No time and no number of its own: equal trees give equal files.
import { mkdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { ROOT, mustRun, runScript } from './machine.mjs'
import { ensureModules } from './modules.mjs'

await runScript(async () => {
  await ensureModules()
  const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const file = join(ROOT, 'dist', `${name}-${version}.cdx.json`)
  mkdirSync(join(ROOT, 'dist'), { recursive: true })
  const program = join(ROOT, 'node_modules/@cyclonedx/cyclonedx-npm/bin/cyclonedx-npm-cli.js')
  const options = ['--output-reproducible', '--spec-version', '1.6', '--output-file', file]
  await mustRun(process.execPath, [program, ...options])
  console.log(relative(ROOT, file))
  return 0
})
