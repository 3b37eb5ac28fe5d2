// How files look: their length, their first lines, documented exports, and words that must not
// occur.
import test from 'node:test'
import assert from 'node:assert/strict'
import ts from 'typescript'
import { appSources, sourcesIn, treeOf, type Source } from './sources.ts'

const MOST_LINES = 300
const MOST_COLUMNS = 100
// More files side by side than these are no room any more, but a heap.
const MOST_FILES = 30
const MOST_AT_TOP_OF_ENGINE = 10
// Larger ones, which wait to be divided. These numbers are only lowered.
const LARGER: Readonly<Record<string, number>> = {
  'main/catalogue': 50,
  'main/compute': 50,
  'main/decode': 70,
  'main/wire': 40,
  'renderer/parts': 100,
  'renderer/state': 60,
  'tests/support': 100,
  'tests/unit/renderer': 35
}

const everything = sourcesIn(
  ['main', 'model', 'renderer', 'tests'],
  ['.ts', '.mjs', '.js', '.svelte', '.css', '.html']
)
const app = appSources()

/** The lines of code that match, as `path:line text`. Comments are left out. */
function matches(sources: readonly Source[], pattern: RegExp): string[] {
  return sources.flatMap(({ path, text }) =>
    text
      .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
      .split('\n')
      .map((line) => line.replace(/(^|\s)\/\/ .*$/, ''))
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : []))
  )
}

/** The width of a line without its strings, which the formatter cannot break. */
function widthOf(line: string): number {
  return line.replace(/'[^']*'|`[^`]*`|`[^`]*$/g, '').length
}

test(`no file is longer than ${MOST_LINES} lines or wider than ${MOST_COLUMNS} columns`, () => {
  const long = everything
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > MOST_LINES)
  assert.deepEqual(long, [])
  const wide = everything.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        widthOf(line) > MOST_COLUMNS ? [`${path}:${index + 1} ${line.length}`] : []
      )
  )
  assert.deepEqual(wide, [])
})

/** How many files lie side by side in each folder. */
function filesByFolder(sources: readonly Source[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { path } of sources) {
    const folder = path.slice(0, path.lastIndexOf('/'))
    counts.set(folder, (counts.get(folder) ?? 0) + 1)
  }
  return counts
}

test(`no folder has more than ${MOST_FILES} files side by side`, () => {
  const counts = filesByFolder(everything)
  const most = (folder: string): number => LARGER[folder] ?? MOST_FILES
  const full = [...counts].filter(([folder, count]) => count > most(folder))
  assert.deepEqual(full, [])
  const top = counts.get('main/engine') ?? 0
  assert.ok(top > 0 && top <= MOST_AT_TOP_OF_ENGINE, `${top} files at the top of main/engine`)
  const divided = Object.keys(LARGER).filter((folder) => (counts.get(folder) ?? 0) <= MOST_FILES)
  assert.deepEqual(divided, [], 'they need no number of their own any more')
})

test('every file opens by saying what it is', () => {
  const silent = everything.filter(({ path, text }) => {
    if (path.endsWith('.html')) return false
    return !/^(#!.*\n)?(\/\/|\/\*|<!--)/.test(text)
  })
  assert.deepEqual(
    silent.map(({ path }) => path),
    []
  )
})

test('every exported function and class is documented', () => {
  const bare: string[] = []
  for (const source of app) {
    const tree = treeOf(source)
    for (const statement of tree.statements) {
      if (!ts.isFunctionDeclaration(statement) && !ts.isClassDeclaration(statement)) continue
      const exported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
      // The file's own header, above its first statement, is not a comment on that.
      const headers = tree.statements[0] === statement ? 1 : 0
      const comments = ts.getLeadingCommentRanges(tree.text, statement.getFullStart()) ?? []
      const documented = comments.length > headers
      if (exported && !documented)
        bare.push(`${source.path} ${statement.name?.text ?? '(default)'}`)
    }
  }
  assert.deepEqual(bare, [])
})

test('types are not talked round', () => {
  assert.deepEqual(
    matches(app, /\bas unknown as\b|:\s*any\b|\bas any\b|<any>|@ts-(ignore|nocheck)/),
    []
  )
})

test('what security hangs on occurs in one file only', () => {
  const only: [RegExp, string[]][] = [
    [/\bipcMain\b/, ['main/app/window-messages.ts']],
    [/\bipcRenderer\b/, ['main/bridge/bridge.ts']],
    [/webPreferences\b/i, ['main/app/windows.ts']],
    [/\bnew BrowserWindow\b/, ['main/app/windows.ts']],
    [/\bopenExternal\b/, ['main/app/security.ts']],
    [/\bprotocol\.handle\b/, ['main/app/protocols.ts']],
    [/\bcontextBridge\.expose/, ['main/bridge/bridge.ts']]
  ]
  for (const [pattern, files] of only) {
    const found = new Set(matches(app, pattern).map((match) => match.slice(0, match.indexOf(':'))))
    assert.deepEqual([...found], files, String(pattern))
  }
})

test('ONNX Runtime is loaded by the one file that turns its telemetry off, in tests, too', () => {
  const loads = /^import (?!type\b).*'onnxruntime-node'|\b(import|require)\('onnxruntime-node'\)/
  const found = matches(everything, loads).map((match) => match.slice(0, match.indexOf(':')))
  assert.deepEqual(found, ['model/runtime/onnxruntime.ts'])
})

test('the preferences of every window, as they are written', () => {
  const windows = app.find(({ path }) => path === 'main/app/windows.ts')
  assert.ok(windows)
  const tree = treeOf(windows)
  const written: Record<string, string> = {}
  const uses: string[] = []
  function visit(node: ts.Node): void {
    if (ts.isFunctionDeclaration(node) && node.name?.text === 'safePreferences')
      node.forEachChild(function inside(child): void {
        if (ts.isPropertyAssignment(child))
          written[child.name.getText()] = child.initializer.getText()
        child.forEachChild(inside)
      })
    if (ts.isPropertyAssignment(node) && node.name.getText() === 'webPreferences')
      uses.push(
        node.initializer
          .getText()
          .replace(/\s*\/\/.*\n/g, '\n')
          .replace(/\s+/g, ' ')
      )
    node.forEachChild(visit)
  }
  visit(tree)
  assert.deepEqual(written, {
    preload: "join(__dirname, '../bridge/bridge.js')",
    sandbox: 'true',
    contextIsolation: 'true',
    nodeIntegration: 'false',
    nodeIntegrationInWorker: 'false',
    nodeIntegrationInSubFrames: 'false',
    webSecurity: 'true',
    allowRunningInsecureContent: 'false',
    experimentalFeatures: 'false',
    webviewTag: 'false',
    navigateOnDragDrop: 'false',
    spellcheck: 'false',
    devTools: '!app.isPackaged'
  })
  assert.deepEqual(uses, [
    'safePreferences()',
    '{ ...safePreferences(), partition: DECODER_PARTITION, backgroundThrottling: false }'
  ])
})

test('what opens a door to the outside occurs nowhere', () => {
  const never = [
    /<webview\b/i,
    /\beval\s*\(|\bnew Function\b/,
    /\bexecuteJavaScript\b|\binsertCSS\b/,
    /\b(WebSocket|EventSource|XMLHttpRequest|sendBeacon)\b/,
    /node:(http|https|http2|net|dgram|dns|tls)\b/,
    /\b(enableBlinkFeatures|experimentalFeatures: true|webSecurity: false)\b/,
    /@html\b/,
    /\bremote-debugging\b/
  ]
  for (const pattern of never) assert.deepEqual(matches(app, pattern), [], String(pattern))
  const pages = sourcesIn(['renderer', 'main/decode'], ['.html', '.css', '.svelte', '.ts'])
  assert.deepEqual(matches(pages, /https?:\/\/(?!www\.w3\.org\/2000\/svg)/), [])
})
