// The programs that open pictures, from real desktop files.
import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { picturePrograms } from '../../../main/app/files/open-with.ts'
import { temporaryFolder } from '../../support/library.ts'

const ENTRY = '[Desktop Entry]\nType=Application\nExec=x %F\nMimeType=image/jpeg;\n'

test('what cannot be read hides no other program', async (context) => {
  const data = temporaryFolder(context)
  const folder = join(data, 'applications')
  mkdirSync(join(folder, 'a.desktop'), { recursive: true })
  symlinkSync('/nowhere', join(folder, 'b.desktop'))
  writeFileSync(join(folder, 'c.desktop'), `${ENTRY}Name=Viewer\n`)
  const programs = await picturePrograms({ XDG_DATA_HOME: data, XDG_DATA_DIRS: data })
  assert.deepEqual(programs, [{ name: 'Viewer', file: join(folder, 'c.desktop') }])
})
