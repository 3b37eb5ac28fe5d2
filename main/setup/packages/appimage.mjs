// The folder of tools that electron-builder makes an AppImage with, of what Debian has. Set-up.
// [Note: stand-in runtime] An AppImage begins with a small program, AppImage's runtime, which is
// published at GitHub alone. Electron-builder fetches it for a release. Where that cannot be had, a
// script takes its place, so that all else of the AppImage can be made, looked into and run. It
// needs unsquashfs on the machine it runs on: such an AppImage is for trying, never for people.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { outputOf } from '../machine.mjs'

// What electron-builder calls the architectures of its runtimes.
const ARCHITECTURES = ['x64', 'arm64']
const BYTES = 4096

const SCRIPT = `#!/bin/sh
# A stand-in for AppImage's runtime, for trying Kindred out: unpacks the files that follow this
# script with unsquashfs (Debian's squashfs-tools), and starts the app.
image=$(readlink -f "$0")
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 143' TERM INT HUP
unsquashfs -no-progress -quiet -offset ${BYTES} -dest "$folder/app" "$image" >/dev/null || exit 1
export APPIMAGE="$image" APPDIR="$folder/app"
"$folder/app/AppRun" "$@"
exit $?
`

/**
 * Makes that folder (`APPIMAGE_TOOLS_PATH`) at `folder`, which does not exist yet.
 * @param isLight packs sooner, into a larger file.
 */
export async function makeAppImageTools(folder, isLight) {
  mkdirSync(folder)
  const pack = await outputOf('which', ['mksquashfs'])
  const options = isLight ? '-Xcompression-level 1' : ''
  writeFileSync(join(folder, 'mksquashfs'), `#!/bin/sh\nexec ${pack} "$@" ${options}\n`, {
    mode: 0o755
  })
  const validate = await outputOf('which', ['desktop-file-validate'])
  symlinkSync(validate, join(folder, 'desktop-file-validate'))
  mkdirSync(join(folder, 'runtimes'))
  for (const architecture of ARCHITECTURES) {
    mkdirSync(join(folder, 'lib', architecture), { recursive: true })
    const runtime = SCRIPT.padEnd(BYTES, '\n')
    writeFileSync(join(folder, 'runtimes', `runtime-${architecture}`), runtime)
  }
}
