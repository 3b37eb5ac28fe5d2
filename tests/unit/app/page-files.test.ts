// app://: the built pages and nothing beside them, each with its policy.
import test, { type TestContext } from 'node:test'
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pageResponse } from '../../../main/app/page-files.ts'

function makePages(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-page-files-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'pages/renderer'), { recursive: true })
  mkdirSync(join(folder, 'pages-beside'))
  writeFileSync(join(folder, 'pages/renderer/index.html'), 'page')
  writeFileSync(join(folder, 'pages/renderer/page.key'), 'key')
  writeFileSync(join(folder, 'pages-beside/secret.js'), 'secret')
  writeFileSync(join(folder, 'app.js'), 'app')
  return join(folder, 'pages')
}

/** The directives of a policy by name, as a browser reads them. */
function directivesOf(policy: string | null): Map<string, string> {
  return new Map(
    (policy ?? '').split(';').map((directive) => {
      const [name = '', ...sources] = directive.trim().split(/\s+/)
      return [name.toLowerCase(), sources.join(' ')]
    })
  )
}

test('a page comes with its type and policy', async (t) => {
  const root = makePages(t)
  const response = await pageResponse(root, new Request('app://kindred/renderer/index.html'))
  assert.equal(response.status, 200)
  assert.equal(await response.text(), 'page')
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
  const directives = directivesOf(response.headers.get('content-security-policy'))
  assert.deepEqual(Object.fromEntries(directives), {
    'default-src': "'none'",
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self' photo:",
    'font-src': "'self'"
  })
})

test('the decoder may load its script, with WebAssembly, and nothing else', async (t) => {
  const root = makePages(t)
  const response = await pageResponse(root, new Request('app://decoder/renderer/index.html'))
  const directives = directivesOf(response.headers.get('content-security-policy'))
  assert.deepEqual(Object.fromEntries(directives), {
    'default-src': "'none'",
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    'script-src': "'self' 'wasm-unsafe-eval'"
  })
})

test('nothing beside the pages is served', async (t) => {
  const root = makePages(t)
  const ways: [string, number][] = [
    ['app://kindred/', 403],
    ['app://kindred/renderer', 404],
    ['app://kindred/renderer/none.js', 404],
    ['app://kindred/renderer/page.key', 404],
    ['app://kindred/%2e%2e/app.js', 404], // the address itself is cleaned to /app.js
    ['app://kindred/..%2fapp.js', 403],
    ['app://kindred/..%2fpages-beside%2fsecret.js', 403],
    ['app://kindred/renderer/..%2f..%2fapp.js', 403],
    ['app://kindred/renderer/index.html%00.js', 403],
    ['app://kindred/%', 403],
    ['app://evil/renderer/index.html', 403],
    ['app://__proto__/renderer/index.html', 403]
  ]
  for (const [address, status] of ways) {
    const response = await pageResponse(root, new Request(address))
    assert.equal(response.status, status, address)
    assert.equal(await response.text(), '', address)
  }
  const post = new Request('app://kindred/renderer/index.html', { method: 'POST' })
  assert.equal((await pageResponse(root, post)).status, 403)
})
