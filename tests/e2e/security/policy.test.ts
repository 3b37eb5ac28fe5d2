// Checklist 7: the page's policy is a header of our own scheme, and it holds.
import test from 'node:test'
import assert from 'node:assert/strict'
import { decoderOf, openApp, temporaryFolder, type OpenedApp } from '../../support/electron.ts'
import { makePhotos } from '../../support/photos.ts'

/** Runs code in the page as the page's own scripts run, so that the policy applies to it. */
function tryInPage(page: OpenedApp['page'], attempt: string): Promise<string> {
  return page.evaluate(
    ([code]) =>
      new Promise<string>((resolve) => {
        const done = (event: SecurityPolicyViolationEvent): void =>
          resolve(`blocked: ${event.effectiveDirective}`)
        document.addEventListener('securitypolicyviolation', done, { once: true })
        const attempts: Record<string, () => unknown> = {
          'inline script': () => {
            const script = document.createElement('script')
            script.textContent = 'document.title = "owned"'
            document.head.append(script)
          },
          'inline handler': () => {
            const image = document.createElement('img')
            image.setAttribute('onclick', 'document.title = "owned"')
            document.body.append(image)
            image.click()
          },
          'outside script': () => {
            const script = document.createElement('script')
            script.src = 'https://example.org/a.js'
            document.head.append(script)
          },
          'outside image': () => {
            const image = new Image()
            image.src = 'https://example.org/a.png'
          },
          'data image': () => {
            const image = new Image()
            image.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw='
          },
          'outside frame': () => {
            const frame = document.createElement('iframe')
            frame.src = 'https://example.org/'
            document.body.append(frame)
          },
          'inline style': () => {
            const style = document.createElement('style')
            style.textContent = 'body { color: red }'
            document.head.append(style)
          },
          'outside font': () => {
            const font = new FontFace('outside', 'url(https://example.org/a.woff2)')
            void font.load().catch(() => undefined)
          },
          worker: () => new Worker(URL.createObjectURL(new Blob(['']))),
          form: () => {
            const form = document.createElement('form')
            form.action = 'https://example.org/'
            document.body.append(form)
            form.submit()
          },
          base: () => {
            const base = document.createElement('base')
            base.href = 'https://example.org/'
            document.head.append(base)
          },
          object: () => {
            const object = document.createElement('object')
            object.data = 'app://kindred/renderer/index.html'
            document.body.append(object)
          },
          fetch: () => void fetch('https://example.org/').catch(() => undefined),
          'own fetch': () => void fetch(location.href).catch(() => undefined),
          socket: () => new WebSocket('wss://example.org/'),
          beacon: () => navigator.sendBeacon('https://example.org/', 'x'),
          eval: () => setTimeout(() => (0, eval)('document.title = "owned"'), 0)
        }
        // Much longer than it takes on any machine: a violation is told as it happens.
        setTimeout(() => resolve('nothing was blocked'), 30_000)
        const run = attempts[code ?? '']
        try {
          run?.()
        } catch {
          // Some are refused by an exception, and told as a violation all the same.
        }
      }),
    [attempt]
  )
}

const ATTEMPTS: [string, string][] = [
  ['inline script', 'script-src-elem'],
  ['inline handler', 'script-src-attr'],
  ['outside script', 'script-src-elem'],
  ['outside image', 'img-src'],
  ['data image', 'img-src'],
  ['outside frame', 'frame-src'],
  ['inline style', 'style-src-elem'],
  ['outside font', 'font-src'],
  ['worker', 'worker-src'],
  ['form', 'form-action'],
  ['base', 'base-uri'],
  ['object', 'object-src'],
  ['fetch', 'connect-src'],
  ['own fetch', 'connect-src'],
  ['socket', 'connect-src'],
  ['beacon', 'connect-src'],
  ['eval', 'script-src']
]

test('the policy is a header of our own scheme, and blocks what it says', async (t) => {
  const { app, page } = await openApp(t)
  const header = await app.evaluate(async ({ net }, address) => {
    const response = await net.fetch(address)
    return response.headers.get('content-security-policy')
  }, page.url())
  const names = (header ?? '').split(';').map((directive) => directive.trim().split(' ')[0])
  assert.ok(names.includes('default-src') && names.includes('script-src'), header ?? 'no header')
  assert.doesNotMatch(header ?? '', /unsafe|https?:|\*|data:|blob:/)
  assert.equal(await page.locator('meta[http-equiv]').count(), 0, 'the header is the only policy')
  const title = await page.evaluate(() => document.title)
  for (const [attempt, directive] of ATTEMPTS)
    await t.test(attempt, async () => {
      assert.equal(await tryInPage(page, attempt), `blocked: ${directive}`)
      assert.equal(await page.evaluate(() => document.title), title)
    })
})

test('the decoder may compile WebAssembly; all else is blocked there, too', async (t) => {
  const folder = temporaryFolder(t, 'photo')
  await makePhotos(folder, 1) // for there to be a decoder
  const { app } = await openApp(t, { folders: [folder] })
  const page = await decoderOf(app)
  const directives = new Map(ATTEMPTS)
  for (const attempt of ['eval', 'inline script', 'outside script', 'outside image', 'own fetch'])
    assert.equal(await tryInPage(page, attempt), `blocked: ${directives.get(attempt)}`)
})

test('the page itself is drawn without breaking its policy', async (t) => {
  const { page } = await openApp(t)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.reload()
  await page.waitForTimeout(1000)
  assert.deepEqual(complaints, [])
  assert.ok((await page.evaluate(() => document.styleSheets.length)) > 0, 'its styles are applied')
})
