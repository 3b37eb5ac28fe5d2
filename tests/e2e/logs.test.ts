// The logs of the real app: what all its processes say is in them, with the ends of those that
// were killed; no folder of a person is; and the menu shows where they lie.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { copyOfApp, openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import type { OpenedApp } from '../support/electron.ts'
import { makePhotos } from '../support/photos.ts'

const logOf = ({ home }: OpenedApp): string => join(home, 'config/Kindred/logs/kindred.log')

/** An app that has ended does nothing of what is waited for. */
function assertRuns({ app }: OpenedApp): void {
  const { exitCode, signalCode } = app.process()
  assert.ok(exitCode === null && signalCode === null, `the app ended (${exitCode ?? signalCode})`)
}

/** The log once it has a line like this. */
async function untilLogged(opened: OpenedApp, line: RegExp): Promise<string> {
  for (;;) {
    const text = existsSync(logOf(opened)) ? readFileSync(logOf(opened), 'utf8') : ''
    if (line.test(text)) return text
    assertRuns(opened)
    await sleep(50)
  }
}

test('what is said and who ends is logged, without the folders of a person', async (t) => {
  const root = copyOfApp(t)
  const parent = temporaryFolder(t, 'photos')
  const folder = join(parent, 'Secret Garden', 'Surprise Party')
  mkdirSync(folder, { recursive: true })
  await makePhotos(folder, 4)
  writeFileSync(join(folder, 'broken.jpg'), 'no picture')
  const say = `'kindred: ${folder}/broken.jpg: said by a test'`
  for (const [name, stream] of [
    ['engine', 'stderr'],
    ['compute', 'stdout']
  ] as const) {
    const file = join(root, `out/main/${name}.js`)
    writeFileSync(file, `process.${stream}.write(${say} + '\\n')\n${readFileSync(file, 'utf8')}`)
  }
  const opened = await openApp(t, { root, folders: [join(parent, 'Secret Garden')] })
  await untilIndexed(opened.page)
  assert.ok(await opened.kill('compute'))
  await untilLogged(opened, /app {5}kindred: compute ended with \d+; starting it again/)
  assert.ok(await opened.kill('engine'))
  await untilLogged(opened, /app {5}kindred: engine ended with \d+; starting it again/)
  assert.ok(await opened.kill('decoder'))
  await untilLogged(opened, /app {5}kindred: the decoder ended \(killed, \d+\); opening it again/)
  await opened.app.evaluate((_electron, path) => {
    setTimeout(() => {
      throw new Error(`made by a test, of ${path}/a.jpg`)
    })
  }, folder)
  const text = await untilLogged(opened, /made by a test, of a\.jpg/)
  assert.match(text, /engine {2}kindred: broken\.jpg: said by a test/)
  assert.match(text, /compute kindred: broken\.jpg: said by a test/)
  assert.match(text, /app {5}Kindred \d+\.\d+\.\d+, Electron \d+/)
  assert.doesNotMatch(text, /Secret|Garden|Surprise|Party|kindred-(photos|home)/)
  for (const line of text.trimEnd().split('\n'))
    assert.match(line, /^\d{4}-\d\d-\d\dT[\d:.]{12}Z (app|engine|compute) +\S/)
  // The error of app's own did not end it, and no window of the system holds it up.
  await opened.page.getByTestId('tile').nth(3).waitFor()
})

test('Help, Show Logs opens their folder in the file manager', async (t) => {
  const bin = temporaryFolder(t, 'bin')
  const asked = join(bin, 'asked')
  // What Chromium opens folders with on Linux: this one writes down what it was asked for.
  const script = `#!/bin/sh\nprintf '%s' "$1" > '${asked}.part' && mv '${asked}.part' '${asked}'\n`
  writeFileSync(join(bin, 'xdg-open'), script, { mode: 0o755 })
  const opened = await openApp(t, { env: { PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` } })
  await opened.page.getByTestId('first-run').waitFor()
  await opened.app.evaluate(({ Menu }) => {
    const help = Menu.getApplicationMenu()?.items.find((item) => item.role === 'help')
    help?.submenu?.items.find((item) => item.label === 'Show Logs')?.click()
  })
  while (!existsSync(asked)) {
    assertRuns(opened)
    await sleep(50)
  }
  assert.equal(readFileSync(asked, 'utf8'), join(opened.home, 'config/Kindred/logs'))
})
