// What every decoder window must do, in whatever Chromium it runs: the same pictures as the decoder
// of plain Node from the same files, and the same files refused. The window is asked over a port,
// as compute asks it. Test code only.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import type { Backbone } from '../../main/compute/backbone.ts'
import { openBackbone } from '../../main/compute/backbone-folder.ts'
import { decodedFormatOf } from '../../main/decode/format.ts'
import { SHOWN_FORMATS, type Pixels } from '../../main/wire/decoder-contract.ts'
import { Fault, isFault, type FaultRecord } from '../../main/wire/fault.ts'
import { createPreprocessor } from '../../model/retrieval.ts'
import { badFiles, LIBRARIES } from './bad-files.ts'
import { colourCases } from './colour-table.ts'
import { busyPixels, damagedFiles } from './damaged-files.ts'
import { SHORT_SIDE, assertOfPixels, inNode, sizes } from './decoding.ts'
import type { DecodeFile, Decoded } from './decoding.ts'
import { temporaryFolder } from './electron.ts'
import { testOwnFormats } from './own-format-tests.ts'
import { makePhotos } from './photos.ts'
import { meanDifference, picture, sharedPhotos, turnedJpeg } from './pictures.ts'
import { REAL_FOLDERS, attempt, filesIn, outcomeOf, outcomesIn } from './real-files.ts'
import { sameCases } from './same-table.ts'

// In the decoder's page, where `decoderOnPage` puts it.
declare const line: MessagePort
declare const textOf: (bytes: Uint8Array) => Promise<string>

/** Joins the decoder's page to the test, as app joins it to compute: with a port. */
export async function decoderOnPage(page: Page, shortSide = SHORT_SIDE): Promise<DecodeFile> {
  await page.evaluate(() => {
    const { port1, port2 } = new MessageChannel()
    window.postMessage({ type: 'port', peer: 'compute' }, location.origin, [port2])
    port1.postMessage({ type: 'hello', contract: 'decoder', version: 1 })
    port1.start()
    // What Chromium itself makes of bytes; Playwright's own way takes half as long as decoding.
    const textOf = (bytes: Uint8Array): Promise<string> =>
      new Promise((resolve, reject) => {
        const reader = new FileReader()
        reader.onload = () => {
          const address = String(reader.result)
          resolve(address.slice(address.indexOf(',') + 1))
        }
        reader.onerror = () => reject(reader.error ?? new Error('bytes could not be read'))
        reader.readAsDataURL(new Blob([new Uint8Array(bytes)]))
      })
    Object.assign(globalThis, { line: port1, textOf })
  })
  return async (file, name) => {
    const bytes = new Uint8Array(file)
    const format = decodedFormatOf(bytes, name) // as compute does, before it asks
    const answer = await page.evaluate(
      async ({ base64, ...argument }) => {
        const id = Math.random()
        const reply = new Promise<{ value?: Pixels; fault?: FaultRecord }>((resolve) => {
          line.addEventListener('message', ({ data }) => data.id === id && resolve(data))
        })
        const text = atob(base64)
        const bytes = new Uint8Array(text.length)
        for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
        line.postMessage({ type: 'call', id, method: 'decode', argument: { ...argument, bytes } })
        const { value, fault } = await reply
        if (!value) return { fault }
        const { rgb, thumbnail, ...figures } = value
        const small = thumbnail && (await textOf(thumbnail))
        return { rgb: await textOf(rgb), thumbnail: small, figures }
      },
      {
        base64: Buffer.from(bytes).toString('base64'),
        format,
        shortSide,
        thumbnail: true,
        subject: name
      }
    )
    if (answer.fault) throw new Fault(answer.fault)
    assert.ok(answer.rgb !== undefined && answer.figures, `${name} has an answer`)
    assert.ok(answer.thumbnail, `${name} has a thumbnail`)
    assertOfPixels(bytesOf(answer.thumbnail), bytes, name)
    return { ...answer.figures, rgb: bytesOf(answer.rgb) }
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(base64, 'base64'))
}

/** Cosine of the features of two decodings of one photo. */
async function likeness(backbone: Backbone, a: Decoded, b: Decoded): Promise<number> {
  const size = backbone.card.input.size
  const preprocess = createPreprocessor(backbone.card)
  const batch = new Float32Array(2 * 3 * size * size)
  for (const [slot, { rgb, pixelWidth: width, pixelHeight: height }] of [a, b].entries())
    preprocess({ rgb, width, height }, batch, slot)
  const features = await backbone.run(batch, 2)
  const D = features.length / 2
  let [dot, xx, yy] = [0, 0, 0]
  for (let i = 0; i < D; i++) {
    dot += features[i]! * features[D + i]!
    xx += features[i]! ** 2
    yy += features[D + i]! ** 2
  }
  return dot / Math.sqrt(xx * yy)
}

/** sharp leaves the tones of high dynamic range as they are stored; Chromium shows them rightly. */
const HIGH_RANGE = /hdr/

/** Runs every test of the decoder on one that is open. */
export async function testDecoder(t: TestContext, decode: DecodeFile): Promise<void> {
  const backbone = await openBackbone('model/backbones')
  t.after(() => backbone.dispose())

  await t.test('both decoders see the same in pictures of every kind', async () => {
    const base = (): ReturnType<typeof picture> => picture(640, 400)
    const files: Record<string, Buffer> = {}
    for (const format of SHOWN_FORMATS) {
      files[format] = await base().toFormat(format).toBuffer()
      const turned = base().withMetadata({ orientation: 6 })
      files[`turned ${format}`] = await turned.toFormat(format).toBuffer()
    }
    for (const format of ['png', 'webp', 'avif'] as const)
      files[`clear ${format}`] = await base().ensureAlpha(0.4).toFormat(format).toBuffer()
    files['grey'] = await base().greyscale().jpeg().toBuffer()
    files['16 bits'] = await base().toColourspace('rgb16').png().toBuffer()
    files['progressive'] = await picture(3000, 2000).jpeg({ progressive: true }).toBuffer()
    files['large'] = await picture(4000, 3000).jpeg().toBuffer()
    // Its last blocks are cut, and it is full of details that a shift would show.
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const
    const create = { width: 2601, height: 2313, channels: 3, background: '#888', noise } as const
    files['cut blocks'] = await sharp({ create }).blur(8).normalise().jpeg().toBuffer()
    files['tiny'] = await picture(2, 1).png().toBuffer()
    files['strip'] = await picture(20_000, 20).png().toBuffer()
    files['widest'] = await picture(65_535, 2).png().toBuffer() // more are refused
    files['taller than a canvas'] = await picture(2, 70_000).png().toBuffer()
    files['longer than a frame'] = await picture(40_000, 9).jpeg().toBuffer()
    for (const [name, file] of Object.entries(files)) {
      const [ours, theirs] = [await decode(file, name), await inNode(file, name)]
      assert.deepEqual(sizes(ours), sizes(theirs), name)
      const difference = meanDifference(ours.rgb, theirs.rgb)
      assert.ok(difference < 2, `${name} differs by ${difference}`) // measured: at most 1.1 of 255
    }
  })

  await t.test('small JPEGs with strong colours of half the size are the same', async () => {
    for (const [width, height] of [[201, 151], [40, 33], [300, 200]] as const) {
      // Each pixel has a colour of its own: how their halves are doubled shows everywhere.
      const rgb = busyPixels(width, height).map((value, at) => (value * (1 + (at % 3))) % 256)
      const raw = { width, height, channels: 3 } as const
      const file = await sharp(rgb, { raw }).jpeg({ chromaSubsampling: '4:2:0' }).toBuffer()
      const name = `${width} x ${height}`
      const [ours, theirs] = [await decode(file, name), await inNode(file, name)]
      assert.deepEqual(sizes(ours), sizes(theirs), name)
      const difference = meanDifference(ours.rgb, theirs.rgb)
      assert.ok(difference < 0.5, `${name} differs by ${difference}`) // drawn by Chromium: above 2
    }
  })

  await t.test('colours come out as they were, whatever profile they are in', async (t) => {
    let most = 0
    for (const one of await colourCases(temporaryFolder(t, 'profiles'))) {
      const { name, file, expected, width, height, limit } = one
      const [ours, theirs] = [await decode(file, name), await inNode(file, name)]
      assert.deepEqual(sizes(ours), sizes(theirs), name)
      const between = meanDifference(ours.rgb, theirs.rgb)
      assert.ok(between < 2, `${name} differs by ${between}`) // measured: at most 1.1
      most = Math.max(most, between)
      const whole = sharp(expected, { raw: { width, height, channels: 3 } })
      const wanted = whole.resize(ours.pixelWidth, ours.pixelHeight, { fit: 'fill' })
      const rgb = await wanted.raw().toBuffer()
      for (const { rgb: found } of [ours, theirs]) {
        const difference = meanDifference(found, rgb)
        assert.ok(difference < limit, `${name} is off by ${difference}`)
      }
    }
    t.diagnostic(`the decoders differ by at most ${most.toFixed(2)} of 255 in the mean`)
  })

  await t.test('one picture of every file that can be read in several ways', async (t) => {
    const cases = await sameCases(temporaryFolder(t, 'profiles'))
    for (const { name, file, expected, width, height } of cases) {
      const whole = sharp(expected, { raw: { width, height, channels: 3 } })
      for (const decoded of [await decode(file, name), await inNode(file, name)]) {
        assert.deepEqual([decoded.width, decoded.height], [width, height], name)
        const { pixelWidth, pixelHeight } = decoded
        const wanted = whole.clone().resize(pixelWidth, pixelHeight, { fit: 'fill' })
        const difference = meanDifference(decoded.rgb, await wanted.raw().toBuffer())
        assert.ok(difference < 3, `${name} is off by ${difference}`)
      }
    }
  })

  await testOwnFormats(t, decode)

  await t.test('all eight orientations come out upright', async () => {
    const upright = await inNode(await turnedJpeg(1, 700, 400), 'upright')
    for (let value = 1; value <= 8; value++) {
      const turned = await decode(await turnedJpeg(value, 700, 400), `orientation ${value}`)
      assert.deepEqual(sizes(turned), sizes(upright))
      assert.ok(meanDifference(turned.rgb, upright.rgb) < 1.5, `orientation ${value}`)
    }
  })

  await t.test('files that are cut far too short or too large are refused', async () => {
    for (const format of SHOWN_FORMATS) {
      const file = await picture(600, 400).toFormat(format).toBuffer()
      for (const share of [0.5, 0.7]) {
        const cut = file.subarray(0, Math.floor(file.length * share))
        const refused = decode(cut, `cut.${format}`)
        const name = `${format} cut at ${share}`
        await assert.rejects(refused, (error) => isFault(error, 'corrupt-photo'), name)
      }
    }
    for (const side of [17_000, 30_000]) {
      const bomb = await picture(8, 8).png().toBuffer()
      bomb.writeUInt32BE(side, 16)
      bomb.writeUInt32BE(side, 20)
      await assert.rejects(decode(bomb, 'bomb.png'), (error) => isFault(error, 'too-large'))
    }
  })

  await t.test('damaged files: the same verdict, the same picture, the same words', async (t) => {
    let most = 0
    const files = [
      ...(await damagedFiles()),
      ...(await badFiles(2)).map((bad) => ({ ...bad, becomes: 'refused' as const }))
    ]
    for (const { name, file, becomes } of files) {
      const [ours, theirs] = [await attempt(decode, file, name), await attempt(inNode, file, name)]
      if (ours instanceof Fault || theirs instanceof Fault) {
        assert.equal(becomes, 'refused', `${name}: ${String(ours)} ${String(theirs)}`)
        assert.ok(ours instanceof Fault && theirs instanceof Fault, `${name} by one only`)
        assert.deepEqual(ours.record, theirs.record, name)
        assert.doesNotMatch(ours.record.received, LIBRARIES)
        continue
      }
      assert.deepEqual(ours.damage, theirs.damage, name)
      assert.equal(ours.damage?.kind ?? 'whole', becomes, name)
      assert.deepEqual(sizes(ours), sizes(theirs), name)
      const difference = meanDifference(ours.rgb, theirs.rgb)
      assert.ok(difference < 2, `${name} differs by ${difference}`)
      most = Math.max(most, difference)
    }
    t.diagnostic(`the decoders differ by at most ${most.toFixed(2)} of 255 in the mean`)
  })

  await t.test('photos have the same features, whoever decoded them', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'kindred-decoder-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const paths = await makePhotos(folder, 30, { size: 900 })
    if (sharedPhotos) {
      const classes = join(sharedPhotos, 'objects')
      for (const name of readdirSync(classes).slice(0, 30))
        paths.push(join(classes, name, readdirSync(join(classes, name))[0]!))
    }
    let lowest = 1
    for (const path of paths) {
      const file = readFileSync(path)
      const name = basename(path)
      const [ours, theirs] = [await decode(file, name), await inNode(file, name)]
      const cosine = await likeness(backbone, ours, theirs)
      assert.ok(cosine > 0.98, `${path} ${cosine}`)
      lowest = Math.min(lowest, cosine)
    }
    t.diagnostic(`${paths.length} photos, lowest cosine ${lowest.toFixed(4)}`)
  })

  for (const [folder, path] of Object.entries(REAL_FOLDERS)) {
    const skip = path ? false : `no ../shared/${folder} here`
    await t.test(`every file of ${folder} has its outcome, in both`, { skip }, async (t) => {
      const outcomes = outcomesIn(folder)
      assert.deepEqual(filesIn(path!), Object.keys(outcomes).sort())
      let lowest = 1
      for (const [name, outcome] of Object.entries(outcomes)) {
        const file = readFileSync(join(path!, name))
        const ours = await attempt(decode, file, name)
        const theirs = await attempt(inNode, file, name)
        assert.deepEqual([outcomeOf(ours), outcomeOf(theirs)], [outcome, outcome], name)
        if (ours instanceof Fault || theirs instanceof Fault) continue
        assert.deepEqual(sizes(ours), sizes(theirs), name)
        if (HIGH_RANGE.test(name)) continue
        const cosine = await likeness(backbone, ours, theirs)
        assert.ok(cosine > 0.97, `${name} ${cosine}`)
        lowest = Math.min(lowest, cosine)
      }
      t.diagnostic(`lowest cosine ${lowest.toFixed(4)}`)
    })
  }
}
