// Writes an rpm with rpmbuild. Set-up.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun } from '../machine.mjs'
import { filesBelow, homepageOf, layOut } from './contents.mjs'

// Electron-builder names them as Debian does.
const ARCHITECTURES = { amd64: 'x86_64', arm64: 'aarch64' }
// What the package owns as a whole; of other folders it owns its files alone.
const OWN_FOLDER = /^opt\/[^/]+/

/** A percent sign begins a macro in a spec. */
function plain(text) {
  return text.replaceAll('%', '%%')
}

function specOf(wanted, root, isLight) {
  const files = filesBelow(root)
  const owned = new Set(files.map((file) => `"/${OWN_FOLDER.exec(file)?.[0] ?? file}"`))
  const removal = readFileSync(wanted.afterRemove, 'utf8')
  const homepage = homepageOf(wanted)
  return `%define __os_install_post %{nil}
%define debug_package %{nil}
%define _build_id_links none
%define _binary_payload ${isLight ? 'w.ufdio' : 'w6T.xzdio'}
Name: ${wanted.name}
Version: ${wanted.version}
Release: 1
Summary: ${plain(wanted.summary ?? wanted.name)}
License: ${wanted.license ?? 'Apache-2.0'}
Vendor: ${plain(wanted.vendor ?? wanted.maintainer)}
Packager: ${plain(wanted.maintainer)}
${homepage ? `URL: ${homepage}\n` : ''}AutoReqProv: no
${wanted.depends.map((name) => `Requires: ${name}\n`).join('')}
%description
${plain(wanted.description)}

%install
mkdir -p "%{buildroot}"
cp -al "${root}/." "%{buildroot}/"

%post -p /bin/bash
${plain(readFileSync(wanted.afterInstall, 'utf8'))}
%postun -p /bin/bash
# An update calls this of the old package after the new one is there: $1 is then 1.
[ "$1" = 0 ] || exit 0
${plain(removal)}
%files
%defattr(-, root, root, -)
${[...owned].join('\n')}
`
}

/**
 * Writes the rpm that `parsedArguments` describes.
 * @param work an empty folder for what is made on the way.
 * @param isLight compresses nothing: sooner, into a larger file.
 */
export async function writeRpm(wanted, work, isLight) {
  const root = join(work, 'root')
  await layOut(wanted.contents, root)
  const spec = join(work, 'package.spec')
  writeFileSync(spec, specOf(wanted, root, isLight))
  const result = join(work, 'rpm')
  mkdirSync(result)
  const defined = {
    _topdir: join(work, 'rpmbuild'),
    _rpmdir: result,
    _rpmfilename: 'package.rpm'
  }
  const defines = Object.entries(defined).flatMap(([name, value]) => [
    '--define',
    `${name} ${value}`
  ])
  const target = ['--target', `${ARCHITECTURES[wanted.architecture] ?? wanted.architecture}-linux`]
  await mustRun('rpmbuild', ['-bb', ...defines, ...target, spec], { quiet: true })
  renameSync(join(result, 'package.rpm'), wanted.file)
}
