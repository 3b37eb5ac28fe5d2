// Small HEIC files, since nothing that tests install writes them. Made by heif-enc 1.15.1 (Debian's
// libheif-examples, `heif-enc -q 90`, for `tenBits` `-b 10`) of a picture of 96 x 64 pixels in four
// quarters: red, green over blue, white. `turned` and `mirrored` are `plain` with one property
// more: irot by 90 degrees anticlockwise, imir left to right. Test code only.
import assert from 'node:assert/strict'
import type { Pixels } from '../../main/wire/decoder-contract.ts'

/** What is seen of a picture in four quarters. */
export interface Quarters {
  width: number
  height: number
  /** Their colours: upper left, upper right, lower left, lower right. */
  quarters: readonly [string, string, string, string]
}

/** A file, and what it shows. */
export interface HeicFile extends Quarters {
  base64: string
}

/** One file of each kind. */
export const HEIC_FILES: Record<'plain' | 'tenBits' | 'turned' | 'mirrored', HeicFile> = {
  plain: {
    base64:
      'AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAUJtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAA' +
      'AAAAAAAAAAAAAA5waXRtAAAAAAABAAAAImlsb2MAAAAAREAAAQABAAAAAAFmAAEAAAAAAAAA6wAAACNpaW5mAAAA' +
      'AAABAAAAFWluZmUCAAAAAAEAAGh2YzEAAAAAwmlwcnAAAACkaXBjbwAAAHhodmNDAQNwAAAAAAAAAAAAHvAA/P34' +
      '+AAADwMgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQCEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoDCBBZbqSSmu' +
      'bgQEDAgAAAMACAAAAwAIQCIAAQAHRAHBcrAiQAAAABRpc3BlAAAAAAAAAGAAAABAAAAAEHBpeGkAAAAAAwgICAAA' +
      'ABZpcG1hAAAAAAAAAAEAAQOBAoMAAADzbWRhdAAAAOcoAa8GOOPnvz9N/md7///yvXeh/vYHC75Wm6/TRV//v5I/' +
      '/8iRdmOFO6R8xMl5HoU85hrrFjZccM2606AICz39ILESQYHE1+LJjJwOegN8rrHYl+D9BlozSbvmguYDYGqK4fPG' +
      'SgeLqtHx664u+brpcRT/l9o0b+mWG//8fYGqWDPzhVUrgOappYbhgmQ0yLZU5NIR+dWlCBPB7cqbCcPUuFK2zTIX' +
      'vvjOMugo6T0KqqR0f9p/n/0PzP/lKf//yBEWOt2b//+2U0f3JMpw/5CON0mRzF4czejrRhq68LYOZw3Q4/sehuA=',
    width: 96,
    height: 64,
    quarters: ['red', 'lime', 'blue', 'white']
  },
  tenBits: {
    base64:
      'AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAUBtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAA' +
      'AAAAAAAAAAAAAA5waXRtAAAAAAABAAAAImlsb2MAAAAAREAAAQABAAAAAAFkAAEAAAAAAAAAowAAACNpaW5mAAAA' +
      'AAABAAAAFWluZmUCAAAAAAEAAGh2YzEAAAAAwGlwcnAAAACiaXBjbwAAAHZodmNDAQQIAAAAAAAAAAAAHvAA/P36' +
      '+gAADwMgAAEAF0ABDAH//wQIAAADAJ24AAADAAAeugJAIQABACpCAQEECAAAAwCduAAAAwAAHqAwgQTZbqSSmubg' +
      'QEDAgAAAAwCAAAADAIQiAAEAB0QBwXKwIkAAAAAUaXNwZQAAAAAAAABgAAAAQAAAABBwaXhpAAAAAAMKCgoAAAAW' +
      'aXBtYQAAAAAAAAABAAEDgQKDAAAAq21kYXQAAACfKAGvBjjxrd+fpv8yRv//+WPj0P974sXfK03X6YWf/9/53//k' +
      'Xzsxwp3Rnar6t/F37vt/9ixsdsYGD4AEsp4OJ8CAHLcKO/1NBdqMsDFaT+tm8+P77KZ//z5ku7iuwj/0N9//pTx6' +
      '90k9TnS1Xie4iCZltrvTCJPNH2rbZfAAAAMAnmFG1/lkl+kBlmH/pti2sUyOkuPyLtgABggkyuNA',
    width: 96,
    height: 64,
    quarters: ['red', 'lime', 'blue', 'white']
  },
  turned: {
    base64:
      'AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAUxtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAA' +
      'AAAAAAAAAAAAAA5waXRtAAAAAAABAAAAImlsb2MAAAAAREAAAQABAAAAAAFwAAEAAAAAAAAA6wAAACNpaW5mAAAA' +
      'AAABAAAAFWluZmUCAAAAAAEAAGh2YzEAAAAAzGlwcnAAAACtaXBjbwAAAHhodmNDAQNwAAAAAAAAAAAAHvAA/P34' +
      '+AAADwMgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQCEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoDCBBZbqSSmu' +
      'bgQEDAgAAAMACAAAAwAIQCIAAQAHRAHBcrAiQAAAABRpc3BlAAAAAAAAAGAAAABAAAAAEHBpeGkAAAAAAwgICAAA' +
      'AAlpcm90AQAAABdpcG1hAAAAAAAAAAEAAQSBAoOEAAAA821kYXQAAADnKAGvBjjj578/Tf5ne///8r13of72Bwu+' +
      'Vpuv00Vf/7+SP//IkXZjhTukfMTJeR6FPOYa6xY2XHDNutOgCAs9/SCxEkGBxNfiyYycDnoDfK6x2Jfg/QZaM0m7' +
      '5oLmA2BqiuHzxkoHi6rR8euuLvm66XEU/5faNG/plhv//H2Bqlgz84VVK4DmqaWG4YJkNMi2VOTSEfnVpQgTwe3K' +
      'mwnD1LhSts0yF774zjLoKOk9CqqkdH/af5/9D8z/5Sn//8gRFjrdm///tlNH9yTKcP+QjjdJkcxeHM3o60YauvC2' +
      'DmcN0OP7Hobg',
    width: 64,
    height: 96,
    quarters: ['lime', 'white', 'red', 'blue']
  },
  mirrored: {
    base64:
      'AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAUxtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAA' +
      'AAAAAAAAAAAAAA5waXRtAAAAAAABAAAAImlsb2MAAAAAREAAAQABAAAAAAFwAAEAAAAAAAAA6wAAACNpaW5mAAAA' +
      'AAABAAAAFWluZmUCAAAAAAEAAGh2YzEAAAAAzGlwcnAAAACtaXBjbwAAAHhodmNDAQNwAAAAAAAAAAAAHvAA/P34' +
      '+AAADwMgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQCEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoDCBBZbqSSmu' +
      'bgQEDAgAAAMACAAAAwAIQCIAAQAHRAHBcrAiQAAAABRpc3BlAAAAAAAAAGAAAABAAAAAEHBpeGkAAAAAAwgICAAA' +
      'AAlpbWlyAQAAABdpcG1hAAAAAAAAAAEAAQSBAoOEAAAA821kYXQAAADnKAGvBjjj578/Tf5ne///8r13of72Bwu+' +
      'Vpuv00Vf/7+SP//IkXZjhTukfMTJeR6FPOYa6xY2XHDNutOgCAs9/SCxEkGBxNfiyYycDnoDfK6x2Jfg/QZaM0m7' +
      '5oLmA2BqiuHzxkoHi6rR8euuLvm66XEU/5faNG/plhv//H2Bqlgz84VVK4DmqaWG4YJkNMi2VOTSEfnVpQgTwe3K' +
      'mwnD1LhSts0yF774zjLoKOk9CqqkdH/af5/9D8z/5Sn//8gRFjrdm///tlNH9yTKcP+QjjdJkcxeHM3o60YauvC2' +
      'DmcN0OP7Hobg',
    width: 96,
    height: 64,
    quarters: ['lime', 'red', 'white', 'blue']
  }
}

const COLOURS: Record<string, readonly number[]> = {
  red: [255, 0, 0],
  lime: [0, 255, 0],
  blue: [0, 0, 255],
  white: [255, 255, 255]
}

/** Fails unless the pixels are the picture, of its size, with its quarters in their places. */
export function checkQuarters(
  pixels: Omit<Pixels, 'thumbnail' | 'damage'>,
  { width, height, quarters }: Quarters,
  name: string
): void {
  assert.deepEqual([pixels.width, pixels.height], [width, height], name)
  for (const [i, colour] of quarters.entries()) {
    const x = Math.floor((pixels.pixelWidth * (i % 2 === 0 ? 1 : 3)) / 4)
    const y = Math.floor((pixels.pixelHeight * (i < 2 ? 1 : 3)) / 4)
    const found = pixels.rgb.subarray((y * pixels.pixelWidth + x) * 3).subarray(0, 3)
    for (const [channel, value] of (COLOURS[colour] ?? []).entries())
      assert.ok(Math.abs(found[channel]! - value) <= 4, `${name}: ${colour} is ${found.join()}`)
  }
}
