// One name for one thing: names that were given up, and those that say nothing, do not come back in
// code, comments or documents. METHOD.md ("Words") has the names that are used.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import test from 'node:test'
import { ROOT, sourcesIn } from './sources.ts'
import type { Source } from './sources.ts'

interface GivenUp {
  word: RegExp
  instead: string
  /** Files that need it: names that are stored in people's libraries. */
  except?: readonly string[]
}

const STORED = ['model/train/head/stored-names.ts', 'model/train/head/checkpoint.ts']

const GIVEN_UP: readonly GivenUp[] = [
  { word: /\bembeddings?\b/i, instead: 'feature, descriptor or encoding' },
  { word: /\bquantiser|\bquantise/i, instead: 'quantizer, quantize' },
  { word: /\b(comm[14]|tight)\b/, instead: 'coarse, fine or nearDuplicates', except: STORED },
  { word: /\bproof\b/i, instead: 'validation, or test' },
  { word: /\bunseen\b|learnUnseen/i, instead: 'held out, baseline, or visually-hidden' },
  { word: /\bseeSample\b/, instead: 'makeSampleViews' },
  { word: /\blarge.?view(?!er)|\bViewSide\b|photo:\/\/view/i, instead: 'large picture' },
  { word: /LibraryView|LearnerView|DuplicateViews/, instead: 'answers, outlook or kinds' },
  { word: /machine.?fingerprint|fingerprintOf(Machine|Run)/i, instead: 'identity or digest' },
  { word: /\b(FIXME|XXX|HACK)\b/, instead: 'an issue' }
]

/** Names of files that say nothing of what is in them. */
const EMPTY_NAMES = /^(utils?|helpers?|common|misc|stuff|types|process|folders)\.ts$/

const documents = [
  ...['README.md', 'model/METHOD.md', 'findings/README.md'].map((path) => ({
    path,
    text: readFileSync(join(ROOT, path), 'utf8')
  })),
  ...sourcesIn(['docs'], ['.md'])
]
const sources = sourcesIn(['main', 'model', 'renderer', 'tests'], ['.ts', '.mjs', '.svelte', '.css'])
const searched = [...documents, ...sources].filter(({ path }) => path !== 'tests/style/words.test.ts')

/** Places of a word that was given up, as `path:line word: say ...`. */
function found(texts: readonly Source[], { word, instead, except = [] }: GivenUp): string[] {
  return texts
    .filter(({ path }) => !except.includes(path))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => {
        const match = word.exec(line)
        return match ? [`${path}:${index + 1} ${match[0]}: say ${instead}`] : []
      })
    )
}

test('names that were given up do not come back', () => {
  assert.deepEqual(
    GIVEN_UP.flatMap((given) => found(searched, given)),
    []
  )
})

test('the search for words finds them in comments and in code', () => {
  const text = '// the embedding\nconst tight = 1\n'
  const source = { path: 'a.ts', text }
  assert.deepEqual(
    GIVEN_UP.flatMap((given) => found([source], given)).map((line) => line.split(':')[1]),
    ['1 embedding', '2 tight']
  )
})

test('no file of the app has a name that says nothing', () => {
  const names = sources.filter(({ path }) => !path.startsWith('tests/')).map(({ path }) => path)
  assert.deepEqual(
    names.filter((path) => EMPTY_NAMES.test(basename(path))),
    []
  )
})

/** Names that two files have because they are two sides of one thing. */
const TWO_SIDES: Record<string, string> = {
  bridge: 'what the preload script offers, and the page that uses it',
  encode: 'codes of photos by the reference, and by SIMD',
  grid: 'the order of all photos, and what of it the page shows',
  kernel: 'the scan in AssemblyScript, and what calls it',
  kindred: 'the command and the page, each put together',
  'learn-head': 'the training of a head, and its call in compute',
  learner: 'who learns, and what the page knows of that',
  'left-out': 'what folders leave out: noticed by the engine, and as it is told'
}

/** Files by name, without endings. Components aside: they show what has their name. */
function filesByName(paths: readonly string[]): Map<string, string[]> {
  const files = new Map<string, string[]>()
  for (const path of paths) {
    if (path.startsWith('main/setup/') || path.endsWith('.svelte')) continue
    const name = basename(path).replace(/(\.svelte|\.as|\.d)?\.m?ts$/, '')
    files.set(name, [...(files.get(name) ?? []), path])
  }
  return files
}

test('no two files of the app have the same name for different things', () => {
  const app = sourcesIn(['main', 'model', 'renderer'], ['.ts', '.svelte']).map(({ path }) => path)
  const shared = [...filesByName(app)].filter(([, paths]) => paths.length > 1)
  assert.deepEqual(
    shared.filter(([name]) => !(name in TWO_SIDES)),
    []
  )
  assert.deepEqual(shared.map(([name]) => name).sort(), Object.keys(TWO_SIDES), 'none is left over')
})
