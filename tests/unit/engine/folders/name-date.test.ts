// Dates in the names that cameras, phones and programs give, and in names that only look so.
import assert from 'node:assert/strict'
import test from 'node:test'
import { nameDate } from '../../../../main/engine/folders/name-date.ts'
import { wallClockOf } from '../../../../main/wire/photo-date.ts'

const DAY = Date.UTC(2019, 6, 4)
const AT = Date.UTC(2019, 6, 4, 18, 5, 9)
const UTC = wallClockOf(AT + 123)

const NAMES: readonly (readonly [at: number | null, names: readonly string[]])[] = [
  [
    DAY,
    [
      'IMG-20190704-WA0001.jpg', 'WP_20190704_001.jpg', '2019-07-04 Birthday.jpg', '20190704.jpg',
      '2019-7-4.jpg', '2019.07.04.jpg', 'Scan 2019_07_04 (2).png', 'IMG_20190704_250000.jpg'
    ]
  ],
  [
    AT,
    [
      'IMG_20190704_180509.jpg', 'IMG20190704180509.jpg', '20190704_180509.jpg',
      'IMG_20190704_180509_HDR.jpg', 'MVIMG_20190704_180509.jpg', 'PANO_20190704_180509.vr.jpg',
      'Screenshot_2019-07-04-18-05-09.png', 'Screenshot_20190704-180509_Chrome.png',
      'Screenshot_20190704-180509~2.png', 'Screenshot from 2019-07-04 18-05-09.png',
      'Screenshot 2019-07-04 180509.png', 'Screen Shot 2019-07-04 at 6.05.09 PM.png',
      'Screen Shot 2019-07-04 at 6.05.09\u202fPM.png',
      'Bildschirmfoto 2019-07-04 um 18.05.09.png', "Capture d'écran 2019-07-04 à 18.05.09.png",
      '截屏2019-07-04 下午6.05.09.png', '스크린샷 2019-07-04 오후 6.05.09.png',
      'WhatsApp Image 2019-07-04 at 18.05.09.jpeg', 'WhatsApp Image 2019-07-04 at 6.05.09 PM.jpeg',
      'WhatsApp Image 2019-07-04 at 18.05.09 (1).jpeg', 'photo_2019-07-04_18-05-09.jpg',
      'photo_12@04-07-2019_18-05-09.jpg', '2019-07-04 18.05.09.jpg', '2019-07-04 18.05.09-1.jpg',
      'signal-2019-07-04-180509.jpg', 'WIN_20190704_18_05_09_Pro.jpg', 'QQ图片20190704180509.jpg',
      '2019-07-04T18:05:09.jpg'
    ]
  ],
  [
    AT + 123,
    [
      'Screenshot_2019-07-04-18-05-09-123_com.app.png', 'C360_2019-07-04-18-05-09-123.jpg',
      '00003IMG_00003_BURST20190704180509123_COVER.jpg', '20190704_180509_123.jpg'
    ]
  ],
  [
    UTC,
    [
      'PXL_20190704_180509123.jpg', 'PXL_20190704_180509123.PORTRAIT.jpg',
      'image_2019_07_04T18_05_09_123Z.png', 'FB_IMG_1562263509123.jpg', 'mmexport1562263509123.jpg',
      '1562263509123.jpg', '2019-07-04_18-05-09-123_UTC.jpg'
    ]
  ],
  [
    null,
    [
      'DSC_0042.jpg', 'IMG_1234.jpg', '12345678.jpg', '1920x1080.png', '04-07-2019.jpg',
      '20190704-e29b-41d4-a716-446655440000.jpg', 'd41d8cd98f00b20419980998ecf8427e.jpg',
      'a20190704b.jpg', 'photo 20190704123.jpg', '10153123456789012_n.jpg', '20191340.jpg',
      '2019-02-30.jpg', 'IMG_20991231_000000.jpg', '19700101_000000.jpg', '1980-01-01.jpg',
      '.jpg', ''
    ]
  ]
]

test('the date of a name is read, where it is one without a doubt', () => {
  for (const [at, names] of NAMES)
    for (const name of names) assert.equal(nameDate(name), at, name)
})

test('a date in a name may lie a day ahead, for other time zones', () => {
  const instant = new Date(2019, 6, 4, 12).getTime()
  assert.equal(nameDate('20190705_110000.jpg', instant), Date.UTC(2019, 6, 5, 11))
  assert.equal(nameDate('20190705_130000.jpg', instant), null)
})
