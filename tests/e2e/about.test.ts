// About, in settings: which Kindred this is, and the licences of all that it is made of. Everything
// that was built in is in the list.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { pathToFileURL } from 'node:url'
import * as v from 'valibot'
import { SHIPPED } from '../../main/setup/packaging.mjs'
import { ROOT, openApp, temporaryFolder } from '../support/electron.ts'
import { assertAccessible, looks, sized } from '../support/looks.ts'
import { makePhotos } from '../support/photos.ts'

const Licences = v.array(
  v.object({ name: v.string(), licence: v.string(), texts: v.array(v.string()) })
)

async function builtLicences(): Promise<v.InferOutput<typeof Licences>> {
  const scripts = join(ROOT, 'out/pages/assets')
  const name = readdirSync(scripts).find((file) => /^licence-list-.*\.js$/.test(file)) ?? ''
  const module: unknown = await import(pathToFileURL(join(scripts, name)).href)
  return v.parse(v.object({ LICENCES: Licences }), module).LICENCES
}

test('every part has a licence and its text', async () => {
  const licences = await builtLicences()
  for (const { name, licence, texts } of licences) {
    assert.match(licence, /^\(?[A-Z][\w.-]+/, name)
    assert.ok(texts.length > 0, name)
    for (const text of texts) assert.ok(text.length > 400, name)
  }
})

test('all that is built in or shipped is in the list', async () => {
  const named = new Set((await builtLicences()).map(({ name }) => name))
  // The sources of app, engine and compute, by the maps beside them.
  const Maps = v.object({ sources: v.array(v.string()) })
  const chunks = join(ROOT, 'out/main/chunks')
  const files = [join(ROOT, 'out/main'), chunks].flatMap((folder) =>
    readdirSync(folder).flatMap((file) => (file.endsWith('.map') ? [join(folder, file)] : []))
  )
  const sources = files.flatMap(
    (file) => v.parse(Maps, JSON.parse(readFileSync(file, 'utf8'))).sources
  )
  const built = new Set(
    sources.flatMap((path) => {
      const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]
      return name === undefined ? [] : [name]
    })
  )
  assert.ok(built.has('valibot') && built.size > 10, [...built].join())
  const wasm = ['libheif-js', 'lcms-wasm', '@imagemagick/magick-wasm']
  for (const name of [...built, ...SHIPPED, ...wasm, 'svelte', 'virtua'])
    assert.ok(named.has(name), name)
  for (const card of readdirSync(join(ROOT, 'model/backbones')))
    if (card.endsWith('.json')) {
      const { title } = JSON.parse(readFileSync(join(ROOT, 'model/backbones', card), 'utf8')) as {
        title: string
      }
      assert.ok(named.has(title), title)
    }
})

test('settings show them, and their words', async (t) => {
  const folder = temporaryFolder(t, 'photos')
  await makePhotos(folder, 2)
  const opened = await openApp(t, { folders: [folder] })
  const { page } = opened
  await sized(page, 1280, 860)
  await page.getByTestId('nav-settings').click()
  const about = page.getByTestId('about')
  await about.waitFor()
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    version: string
  }
  assert.ok((await about.innerText()).startsWith(`Kindred ${version}, under Apache-2.0.`))
  await about.scrollIntoViewIfNeeded()
  await looks(opened, 'about')
  await page.getByTestId('show-licences').click()
  const rows = page.getByTestId('licence')
  assert.equal(await rows.count(), (await builtLicences()).length)
  await assertAccessible(page)
  const svelte = rows.filter({ hasText: 'svelte ' })
  await svelte.locator('summary').click()
  await svelte.locator('pre').getByText('Permission is hereby granted').waitFor()
  await svelte.scrollIntoViewIfNeeded()
  await looks(opened, 'licences')
  await assertAccessible(page)
})
