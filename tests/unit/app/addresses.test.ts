// Addresses: what may be opened outside, what a photo address may say, what is the page.
import test from 'node:test'
import assert from 'node:assert/strict'
import {
  DECODER_ADDRESS,
  LICENCE_ADDRESS,
  PAGE_ADDRESS,
  isOwnAddress,
  isPageAddress,
  outsideAddress,
  pictureName
} from '../../../main/app/addresses.ts'

test('only listed addresses are opened outside', () => {
  assert.equal(outsideAddress(LICENCE_ADDRESS), LICENCE_ADDRESS)
  assert.equal(outsideAddress('HTTPS://WWW.APACHE.ORG/licenses/LICENSE-2.0'), LICENCE_ADDRESS)
  const hostile = [
    '',
    'not an address',
    'file:///etc/passwd',
    'file://www.apache.org/licenses/LICENSE-2.0',
    'smb://server/share',
    'javascript:alert(1)',
    'ms-msdt:/id PCWDiagnostic',
    'kindred://www.apache.org/licenses/LICENSE-2.0',
    'http://www.apache.org/licenses/LICENSE-2.0',
    'https://www.apache.org.evil.example/licenses/LICENSE-2.0',
    'https://www.apache.org@evil.example/licenses/LICENSE-2.0',
    'https://evil.example/https://www.apache.org/licenses/LICENSE-2.0',
    'https://evil.example\\@www.apache.org/licenses/LICENSE-2.0',
    'https://www.apache.org:8443/licenses/LICENSE-2.0',
    'https://user:secret@www.apache.org/licenses/LICENSE-2.0',
    `${LICENCE_ADDRESS}?to=evil`,
    `${LICENCE_ADDRESS}#evil`,
    `${LICENCE_ADDRESS}/../../evil`,
    PAGE_ADDRESS
  ]
  for (const address of hostile) assert.equal(outsideAddress(address), undefined, address)
})

test('a picture’s address is a name of a content and what is made of it, and nothing else', () => {
  const name = '0123456789abcdef'.repeat(2)
  const part = { what: 'part', name, level: 2, column: 10, row: 0 }
  assert.deepEqual(pictureName(`photo://thumb/${name}`), { what: 'thumb', name })
  assert.deepEqual(pictureName(`photo://tile/${name}`), { what: 'tile', name })
  assert.deepEqual(pictureName(`photo://large/${name}/1440`), { what: 'large', name, side: 1440 })
  assert.deepEqual(pictureName(`photo://part/${name}/2-10-0`), part)
  const hostile = [
    // No address leads to a photo's own bytes.
    'photo://photo/1',
    `photo://photo/${name}`,
    `photo://large/${name}`,
    `photo://large/${name}/`,
    `photo://large/${name}/0`,
    `photo://large/${name}/1441`,
    `photo://large/${name}/01440`,
    `photo://large/${name}/1440/`,
    `photo://large/${name}/1440.0`,
    `photo://large/${name}/1440?v=1`,
    `photo://large/${name}/1440#1`,
    `photo://large/${name}/1440\n`,
    `photo://large/${name}/1440-0-0`,
    `photo://large/${name}/../1440`,
    `photo://large/../../etc/passwd/1440`,
    `photo://large/1/1440`,
    `photo://part/${name}`,
    `photo://part/${name}/1`,
    `photo://part/${name}/1-1`,
    `photo://part/${name}/1-1-1-1`,
    `photo://part/${name}/10-0-0`,
    `photo://part/${name}/0-00-0`,
    `photo://part/${name}/0-01-0`,
    `photo://part/${name}/0-0-1000`,
    `photo://part/${name}/0--1-0`,
    `photo://part/${name}/0-0-0?v=1`,
    `photo://thumb/${name}/720`,
    `photo://tile/${name}/0-0-0`,
    'photo://folder/1',
    'PHOTO://photo/1',
    'app://photo/1',
    'file:///photo/1',
    `photo://tiles/${name}`,
    `photo://constructor/${name}`,
    'photo://tile/1',
    'photo://thumb/1',
    'photo://thumb/',
    `photo://thumb/${name.slice(1)}`,
    `photo://thumb/${name}0`,
    `photo://thumb/${name}${name}`,
    `photo://thumb/${name.toUpperCase()}`,
    `photo://thumb/${name.replace('f', 'g')}`,
    `photo://thumb/${name}.webp`,
    `photo://thumb/${name}/`,
    `photo://thumb/${name}/../${name}`,
    `photo://thumb/${name}?v=1`,
    `photo://thumb/${name}#1`,
    `photo://thumb/${name}\n`,
    `photo://thumb/01/${name}`,
    `photo://thumb//${name}`,
    `photo://thumb/..${name.slice(2)}`,
    `photo://thumb/%30${name.slice(1)}`,
    `photo://thumb@evil/${name}`,
    `photo://thumb:80/${name}`,
    `PHOTO://thumb/${name}`,
    `app://thumb/${name}`
  ]
  for (const address of hostile) assert.equal(pictureName(address), undefined, address)
})

test('the page is one origin, the decoder another', () => {
  assert.ok(isPageAddress(PAGE_ADDRESS))
  const foreign = [
    DECODER_ADDRESS,
    'app://kindred.evil/renderer/index.html',
    'app://kindred:80/renderer/index.html',
    'app://evil/app://kindred/',
    'apps://kindred/renderer/index.html',
    'https://kindred/renderer/index.html',
    'file:///kindred/renderer/index.html',
    'data:text/html,app://kindred/',
    'about:blank',
    'about:srcdoc',
    ''
  ]
  for (const address of foreign) assert.equal(isPageAddress(address), false, address)
})

test('requests that stay inside the app are those of its two schemes', () => {
  for (const own of [PAGE_ADDRESS, DECODER_ADDRESS, 'photo://thumb/1']) assert.ok(isOwnAddress(own))
  for (const foreign of ['https://example.org/', 'http://127.0.0.1/', 'ws://x/', 'file:///x', 'x'])
    assert.equal(isOwnAddress(foreign), false, foreign)
})
