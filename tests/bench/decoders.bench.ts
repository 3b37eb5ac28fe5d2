// Files of a folder by the app's decoder and the command line's: what is unreadable, what differs.
// `npm run bench -- decoders <folder>` opens the decoder window in real Electron, on its own display.
import { readFileSync, readdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openChromium, openDecoderPage } from '../support/chromium.ts'
import { decoderOnPage } from '../support/decoder-tests.ts'
import { inNodeAt, type DecodeFile } from '../support/decoding.ts'
import {
  decoderOf,
  keepActing,
  openApp,
  temporaryFolder,
  untilIndexed
} from '../support/electron.ts'
import { makePhotos } from '../support/photos.ts'
import { outcomeOf, summaryOf, type Outcome } from './decoders/outcome.ts'
import { describeMachine } from './machine.ts'

const HELP = `npm run bench -- decoders <folder> [options]
  --chromium     the system's Chromium in place of Electron's
  --files 10000  at most so many of the folder's files, spread over all of it
  --all          tells each file, not only those that fail or differ
  --json         the summary as one line of JSON
Pictures are compared at a short side of 224 pixels; what differs by more than 3 of 255 in the
mean is told with its cause. Files of kinds that Kindred does not read are counted by kind.`

const SHORT_SIDE = 224

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    chromium: { type: 'boolean', default: false },
    files: { type: 'string', default: '10000' },
    all: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
})

// Last registered, first run: an app is closed before its folder goes.
const cleanUps: (() => unknown)[] = []
const t = { after: (cleanUp: () => unknown) => void cleanUps.unshift(cleanUp) }

async function openDecoder(): Promise<DecodeFile> {
  if (options.chromium) {
    const page = await openDecoderPage(await openChromium(t))
    return decoderOnPage(page, SHORT_SIDE)
  }
  const folder = temporaryFolder(t, 'photo')
  await makePhotos(folder, 1) // for there to be a decoder
  const { app, page } = await openApp(t, { folders: [folder] })
  const decoder = await decoderOf(app)
  await untilIndexed(page)
  t.after(keepActing(page)) // taken over, the decoder no longer works for compute: both would rest
  return decoderOnPage(decoder, SHORT_SIDE)
}

/** At most `most` files below a folder, in order of their paths. */
function filesOf(folder: string, most: number): string[] {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  const step = Math.max(1, all.length / most)
  return Array.from({ length: Math.min(most, all.length) }, (_, i) => all[Math.floor(i * step)]!)
}

async function main(): Promise<void> {
  const [given] = positionals
  if (options.help || given === undefined) return console.log(HELP)
  const folder = resolve(given)
  const files = filesOf(folder, Number(options.files))
  const machine = describeMachine()
  if (!options.json) console.log(JSON.stringify(machine))
  try {
    const decode = await openDecoder()
    const outcomes: Outcome[] = []
    for (const path of files) {
      const name = relative(folder, path)
      const file = readFileSync(path)
      const outcome = await outcomeOf(name, file, decode, inNodeAt(SHORT_SIDE))
      outcomes.push(outcome)
      const isAlike = outcome.isRead && !outcome.cause && !outcome.app && !outcome.commandLine
      if (!options.json && (options.all || !isAlike)) console.log(`${name}: ${outcome.words}`)
    }
    const summary = summaryOf(outcomes)
    console.log(options.json ? JSON.stringify(summary) : JSON.stringify(summary, null, 2))
  } finally {
    for (const cleanUp of cleanUps) await cleanUp()
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
