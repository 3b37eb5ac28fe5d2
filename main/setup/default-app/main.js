// What the test runtime starts in place of Electron's own default app, which it lacks: reads the
// application's folder from the command line and runs it. Tests only; packed into the runtime's
// cache.
const { app } = require('electron')
const fs = require('node:fs')
const path = require('node:path')
const Module = require('node:module')

const preloads = []
const args = process.argv.slice(1)
let target
while (args.length > 0 && target === undefined) {
  const arg = args.shift()
  if (arg === '-r' || arg === '--require') preloads.push(args.shift())
  else if (!arg.startsWith('-')) target = arg
}

if (process.argv.includes('--version')) {
  console.log(`v${process.versions.electron}`)
  app.exit(0)
} else if (target === undefined) {
  console.error('usage: electron <folder of the application>')
  app.exit(1)
} else {
  for (const file of preloads) require(path.resolve(file))
  const folder = path.resolve(target)
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
  app.name = manifest.productName || manifest.name
  app.setVersion(manifest.version)
  app.setPath('userData', path.join(app.getPath('appData'), app.name))
  app.setAppPath(folder)
  Module._load(folder, Module, true)
}
