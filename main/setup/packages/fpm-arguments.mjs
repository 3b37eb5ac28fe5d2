// The arguments that electron-builder calls fpm with. Set-up, plain Node.
import { SetupError } from '../machine.mjs'

// What each option is called here. An unknown one is refused: nothing is left out in silence.
const VALUES = {
  '-t': 'target',
  '--architecture': 'architecture',
  '--after-install': 'afterInstall',
  '--after-remove': 'afterRemove',
  '--description': 'description',
  '--version': 'version',
  '--package': 'file',
  '--name': 'name',
  '--maintainer': 'maintainer',
  '--vendor': 'vendor',
  '--url': 'url',
  '--license': 'license',
  '--category': 'category',
  '--deb-priority': 'priority',
  '--deb-compression': 'compression',
  '--rpm-compression': 'compression',
  '--rpm-summary': 'summary'
}
const LISTS = { '-d': 'depends', '--deb-recommends': 'recommends' }
const IGNORED_VALUES = ['-s', '--rpm-os', '--log'] // always `dir`, `linux`; how much fpm tells
const IGNORED = ['--force', '--debug']

/**
 * What is to be made: `{ target, name, version, file, depends, recommends, contents, ... }`, where
 * `contents` is `[{ from, to }]`: a file, or a folder with all that is in it, and its place.
 * @throws {SetupError} an option that is not known.
 */
export function parsedArguments(args) {
  const wanted = { depends: [], recommends: [], contents: [] }
  const rest = [...args]
  while (rest.length > 0) {
    const name = rest.shift()
    if (name in VALUES) wanted[VALUES[name]] = rest.shift()
    else if (name in LISTS) wanted[LISTS[name]].push(rest.shift())
    else if (IGNORED_VALUES.includes(name)) rest.shift()
    else if (!IGNORED.includes(name)) wanted.contents.push(mapping(name))
  }
  return wanted
}

function mapping(argument) {
  const [, from, to] = /^(\/.*?)\/?=(\/.*)$/.exec(argument) ?? []
  if (!from) throw new SetupError(`fpm: ${argument}: expected an option that is known here`)
  return { from, to }
}
