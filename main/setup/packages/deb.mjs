// Writes a deb with Debian's own dpkg-deb. Set-up.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun } from '../machine.mjs'
import { filesBelow, homepageOf, layOut } from './contents.mjs'


/** Debian's policy 5.6.13: further lines begin with a space, an empty one is a point. */
function descriptionOf({ description }) {
  const [first, ...rest] = description.split('\n').map((line) => line.trim())
  return [first, ...rest.map((line) => ` ${line || '.'}`)].join('\n')
}

function controlOf(wanted, kilobytes) {
  const fields = [
    ['Package', wanted.name],
    ['Version', wanted.version],
    ['Architecture', wanted.architecture],
    ['Maintainer', wanted.maintainer],
    ['Installed-Size', kilobytes],
    ['Depends', wanted.depends.join(', ')],
    ['Recommends', wanted.recommends.join(', ')],
    ['Section', wanted.category],
    ['Priority', wanted.priority],
    ['Homepage', homepageOf(wanted)],
    ['Description', descriptionOf(wanted)]
  ]
  return fields.flatMap(([name, value]) => (value ? [`${name}: ${value}\n`] : [])).join('')
}

/** A script that does its work on removal only: an update calls the old one, too (policy 6.6). */
function onRemoval(script) {
  const only = 'case "$1" in remove | purge) ;; *) exit 0 ;; esac'
  return script.replace('\n', `\n${only}\n`)
}

/**
 * Writes the deb that `parsedArguments` describes.
 * @param work an empty folder for what is made on the way.
 * @param isLight compresses nothing: sooner, into a larger file.
 */
export async function writeDeb(wanted, work, isLight) {
  const root = join(work, 'root')
  await layOut(wanted.contents, root)
  const files = filesBelow(root)
  const bytes = files.reduce((sum, file) => sum + statSync(join(root, file)).size, 0)
  const sums = files.map((file) => {
    const sum = createHash('md5').update(readFileSync(join(root, file))).digest('hex')
    return `${sum}  ${file}\n`
  })
  const control = join(root, 'DEBIAN')
  mkdirSync(control, { mode: 0o755 })
  writeFileSync(join(control, 'control'), controlOf(wanted, Math.ceil(bytes / 1024)))
  writeFileSync(join(control, 'md5sums'), sums.join(''))
  const install = readFileSync(wanted.afterInstall, 'utf8')
  const removal = readFileSync(wanted.afterRemove, 'utf8')
  writeFileSync(join(control, 'postinst'), install, { mode: 0o755 })
  writeFileSync(join(control, 'postrm'), onRemoval(removal), { mode: 0o755 })
  const compression = isLight ? ['-Znone'] : ['-Zxz', '-z6']
  await mustRun('dpkg-deb', ['--root-owner-group', ...compression, '--build', root, wanted.file], {
    quiet: true
  })
}
