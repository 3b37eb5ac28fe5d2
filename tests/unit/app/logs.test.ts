// The log: files that take turns, and lines without folders or what a photo holds.
import test from 'node:test'
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { LogFile } from '../../../main/app/log-file.ts'
import { logLines } from '../../../main/app/log-lines.ts'
import { Fault } from '../../../main/wire/fault.ts'
import { temporaryFolder } from '../../support/library.ts'

test('a file that is full becomes an old one; the oldest goes', (context) => {
  const folder = join(temporaryFolder(context), 'logs')
  const log = new LogFile(folder, { bytes: 100, files: 3 })
  for (let i = 0; i < 40; i++) log.write(`line ${i} of forty`)
  log.close()
  assert.deepEqual(readdirSync(folder).sort(), ['kindred.1.log', 'kindred.2.log', 'kindred.log'])
  const all = ['kindred.2.log', 'kindred.1.log', 'kindred.log']
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('')
  const kept = all.trimEnd().split('\n')
  assert.ok(kept.length >= 12 && kept.length < 20, `${kept.length} lines`)
  assert.deepEqual(
    kept,
    Array.from({ length: kept.length }, (_, i) => `line ${40 - kept.length + i} of forty`)
  )
})

test('the file of an earlier run is written on, up to the same limit', (context) => {
  const folder = temporaryFolder(context)
  writeFileSync(join(folder, 'kindred.log'), 'x'.repeat(200) + '\n')
  const log = new LogFile(folder, { bytes: 100, files: 2 })
  log.write('first')
  log.write('second')
  log.close()
  assert.match(readFileSync(join(folder, 'kindred.1.log'), 'utf8'), /^x+\nfirst\n$/)
  assert.equal(readFileSync(join(folder, 'kindred.log'), 'utf8'), 'second\n')
})

test('a folder that cannot be written to is told, and written to once it can', (context) => {
  const folder = join(temporaryFolder(context), 'logs')
  writeFileSync(folder, 'in the way')
  const log = new LogFile(folder)
  assert.throws(() => log.write('lost'))
  rmSync(folder)
  mkdirSync(folder)
  log.write('kept')
  log.close()
  assert.equal(readFileSync(join(folder, 'kindred.log'), 'utf8'), 'kept\n')
})

const SAID: readonly (readonly [string, string])[] = [
  ['the page ended (crashed); loading it again in 100 ms', '='],
  ['a.jpg: expected a photo, got half of one.', '='],
  ['/home/anna/My Photos/a b.jpg: expected a photo, got half.', 'a b.jpg: expected a photo, got half.'],
  ["ENOENT: no such file, open '/home/anna/x/IMG 1.JPG'", "ENOENT: no such file, open 'IMG 1.JPG'"],
  ["EACCES: permission denied, scandir '/home/anna/Secret'", "EACCES: permission denied, scandir '(folder)'"],
  ['/home/anna/Trip.2019: expected a folder', '(folder): expected a folder'],
  ['C:\\Users\\Anna\\Bilder\\a.jpg: is damaged', 'a.jpg: is damaged'],
  ['    at load (file:///opt/kin dred/out/main/engine.js:12:5)', '    at load (engine.js:12:5)'],
  ['moved /a/b.jpg to /c/d e.jpg', 'moved d e.jpg'],
  ['an image data:image/png;base64,iVBORw0KGgo= came', 'an image data: came'],
  [inspect(Buffer.alloc(9)), '<Buffer>']
]

test('paths are cut to names of files', () => {
  for (const [text, expected] of SAID)
    assert.deepEqual(logLines(text), [expected === '=' ? text : expected], text)
})

test('what a photo holds is left out, however it is printed', () => {
  const pixels = Uint8Array.from({ length: 300 }, (_, i) => (i * 37) % 256)
  const text = inspect({ pixels, bytes: Buffer.from(pixels), name: 'a.jpg' })
  const kept = logLines(text).join('\n')
  assert.match(kept, /a\.jpg/)
  assert.doesNotMatch(kept, /37,|25 4a|\b37 /)
})

test('no folder of a person is left of any message, and the name of the photo is', () => {
  const word = fc.stringMatching(/^[A-Z][a-z]{5,9}$/)
  const folderName = fc
    .tuple(word, fc.constantFrom('', ' ', ' & ', "'s ", ', ', ' (2) ', '.', '-'), word)
    .map((parts) => parts.join(''))
  const path = fc.record({
    root: fc.constantFrom('/home/', '/media/anna/', 'D:\\', '\\\\nas\\', 'file:///'),
    folders: fc.array(folderName, { minLength: 1, maxLength: 4 }),
    name: fc.constantFrom('IMG_1.jpg', 'a photo.HEIC', 'x.png')
  })
  const message = fc.constantFrom<(path: string) => string>(
    (at) => `${at}: expected a photo, got 12 bytes.`,
    (at) => `EIO: i/o error, read '${at}'`,
    (at) => `left out ${at}`,
    (at) => new Fault({ kind: 'unreadable', subject: at, expected: 'a', received: 'b' }).message,
    (at) => inspect(Object.assign(new Error(`open "${at}"`), { code: 'EIO', path: at })),
    (at) => inspect(new Fault({ kind: 'unreadable', subject: at, expected: '', received: '' }))
  )
  fc.assert(
    fc.property(path, message, ({ root, folders, name }, write) => {
      const separator = root.includes('\\') ? '\\' : '/'
      const whole = root + [...folders, name].join(separator)
      const kept = logLines(write(whole)).join('\n')
      assert.ok(kept.includes(name), kept)
      for (const each of folders.flatMap((folder) => folder.match(/[A-Z][a-z]{5,9}/g) ?? []))
        assert.ok(!kept.includes(each), `${each} is in: ${kept}`)
    }),
    { seed: 5, numRuns: 500 }
  )
})
