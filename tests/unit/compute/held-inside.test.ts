// What files hold beside their picture: films of motion photos as makers put them there, pictures
// of an MPO, depth maps; and that broken files hold nothing.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { readMetadata } from '../../../main/compute/files.ts'
import { heldInside } from '../../../main/compute/held-inside.ts'
import { box } from '../../support/boxes.ts'
import { HEIC_FILES } from '../../support/heic-files.ts'
import { temporaryFolder } from '../../support/library.ts'
import { film, googleMotion, mpo, samsungMotion, withXmp } from '../../support/motion-files.ts'
import { picture, sharedEveryPhoto } from '../../support/pictures.ts'
import { RAW_FILES } from '../../support/raw-files.ts'

const heic = Buffer.from(HEIC_FILES.plain.base64, 'base64')

const held = (parts: { film?: number; pictures?: number; hasDepth?: boolean }) => ({
  film: null,
  pictures: 0,
  hasDepth: false,
  ...parts
})

const STEREO = 0x020002
const PREVIEW = 0x010001
const GAIN_MAP = 0

type Case = readonly [what: string, file: Uint8Array, holds: unknown]

const casesOf = (jpeg: Buffer): readonly Case[] => [
  ['a plain JPEG', jpeg, null],
  ['a plain HEIC', heic, null],
  ["Google's motion photo", googleMotion(jpeg, 2), held({ film: 2 })],
  ['one that cut its film off', googleMotion(jpeg, 2).subarray(0, -2100), null],
  [
    'the older kind, as an element',
    Buffer.concat([withXmp(jpeg, '<GCamera:MicroVideo>1</GCamera:MicroVideo>'), film(1.5, 1)]),
    held({ film: 1.5 })
  ],
  ['one that says no', Buffer.concat([withXmp(jpeg, 'GCamera:MotionPhoto="0"'), film(1)]), null],
  ["Samsung's motion photo", samsungMotion(jpeg, 3), held({ film: 3 })],
  ['a HEIC with its film in a box', Buffer.concat([heic, box('mpvd', film(2.5))]), held({ film: 2.5 })],
  ["a HEIC of Samsung's", Buffer.concat([heic, box('sefd', Buffer.from('Data'), film(2))]), held({ film: 2 })],
  ['a HEIC with a film behind it', Buffer.concat([heic, film(4)]), held({ film: 4 })],
  ['pictures for two eyes', mpo([jpeg, jpeg], [STEREO]), held({ pictures: 1 })],
  ['several angles', mpo([jpeg, jpeg, jpeg], [0x020003, 0x020003]), held({ pictures: 2 })],
  ['a large preview', mpo([jpeg, jpeg], [PREVIEW]), null],
  ['a gain map', mpo([jpeg, jpeg], [GAIN_MAP]), null],
  ['a depth map', withXmp(jpeg, '<Item:Semantic>Depth</Item:Semantic>'), held({ hasDepth: true })],
  ['a film in a file of its own', film(2), null],
  ['a RAW', RAW_FILES['cr3']!(1, jpeg), null],
  ['nothing', new Uint8Array(), null],
  ['noise', Buffer.alloc(100, 0xff), null]
]

test('a file holds what its maker put there', async () => {
  for (const [what, file, holds] of casesOf(await picture(40, 30).jpeg().toBuffer())) {
    assert.deepEqual(heldInside(file), holds, what)
    // However much of it is there, nothing is thrown.
    for (let end = 0; end < file.length; end += 1 + Math.floor(file.length / 200))
      heldInside(file.subarray(0, end))
  }
})

test('of a large JPEG all is read where there may be a film, else its begin', async (context) => {
  const folder = temporaryFolder(context)
  const jpeg = await picture(40, 30).jpeg().toBuffer()
  const large = Buffer.concat([jpeg, Buffer.alloc(2 ** 20)])
  for (const [name, file] of [
    ['plain', large],
    ['google', googleMotion(large, 2)],
    ['samsung', samsungMotion(large, 2)]
  ] as const) {
    writeFileSync(join(folder, name), file)
    const read = await readMetadata(join(folder, name))
    assert.deepEqual(heldInside(read), name === 'plain' ? null : held({ film: 2 }), name)
    assert.equal(read.length < file.length, name === 'plain', name)
  }
})

test('a motion photo of a phone', (context) => {
  if (!sharedEveryPhoto) return context.skip('needs ../shared/every-photo')
  const motion = readFileSync(join(sharedEveryPhoto, 'good/motion.heic'))
  assert.deepEqual(heldInside(motion), held({ film: 3.1 }))
  const preview = readFileSync(join(sharedEveryPhoto, 'good/two-pictures-mpo.jpg'))
  assert.equal(heldInside(preview), null, 'a preview is no second picture')
})
