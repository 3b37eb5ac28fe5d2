// The licences of all that the app is made of, gathered while it is built and put into a script of
// its page. Set-up, read by electron.config.ts. CycloneDX's tool finds the texts.
import { execFile } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from './machine.mjs'
import { SHIPPED } from './packaging.mjs'

export const SBOM_PROGRAM = join(
  ROOT,
  'node_modules/@cyclonedx/cyclonedx-npm/bin/cyclonedx-npm-cli.js'
)
const MOST_BYTES = 64 * 1024 * 1024

/** Where the list goes. */
const PLACE = '"__LICENCES__"'

// Of packages that forget their licence's text.
const TEXTS = {
  'onnxruntime-common': 'main/setup/licences/onnxruntime.txt',
  'onnxruntime-node': 'main/setup/licences/onnxruntime.txt'
}

// What WebAssembly in a package was made of: its licences stand in the package's texts.
const INSIDE = {
  '@imagemagick/magick-wasm': 'ImageMagick and its formats (libtiff, libjxl and more), as WebAssembly',
  'lcms-wasm': 'Little CMS, as WebAssembly',
  'libheif-js': 'libheif with libde265, as WebAssembly',
  'onnxruntime-node': 'ONNX Runtime'
}

/** Where the package of a module lies, from the root; undefined for our own files. */
function packageOf(id) {
  const path = id.replaceAll('\\', '/')
  return /node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/@\0?]+(?=\/)/.exec(path)?.[0]
}

/**
 * Two plugins for Vite: `collect` for every build but the last, the page's, `write` for that. It
 * puts `[{ name, version, licence, note, texts }]` into the script of renderer/state/licence-list.ts.
 */
export function licencePlugins() {
  const paths = new Set(SHIPPED.map((name) => `node_modules/${name}`))
  const gather = (bundle) => {
    for (const chunk of Object.values(bundle))
      for (const id of Object.keys(chunk.modules ?? {})) {
        const path = packageOf(id)
        if (path) paths.add(path)
      }
  }
  return {
    collect: { name: 'collect-licences', generateBundle: (_, bundle) => gather(bundle) },
    write: {
      name: 'write-licences',
      async generateBundle(_, bundle) {
        gather(bundle)
        const licences = [...ownLicences(), ...(await packageLicences(paths))]
        const chunk = Object.values(bundle).find(({ code }) => code?.includes(PLACE))
        if (!chunk) throw new Error(`no script of the page has a place for licences: ${PLACE}`)
        chunk.code = chunk.code.replace(PLACE, () => JSON.stringify(licences))
      }
    }
  }
}

function text(path) {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** Kindred itself, its backbones, and the Electron that it is released with. */
function ownLicences() {
  const own = JSON.parse(text('package.json'))
  const backbones = readdirSync(join(ROOT, 'model/backbones'))
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(text(`model/backbones/${file}`)))
    .map(({ title, licence, origin, changes }) => ({
      name: title,
      version: '',
      licence,
      note: `${origin}. ${changes}.`,
      texts: [text('model/backbones/LICENSE')]
    }))
  const electron = {
    name: 'Electron, with Chromium and Node',
    version: own.devDependencies.electron,
    licence: 'MIT',
    note: 'The licences of Chromium and its parts lie beside the app, in LICENSES.chromium.html.',
    texts: [text('node_modules/electron/LICENSE')]
  }
  const kindred = { name: own.productName, version: own.version, licence: own.license, note: '' }
  return [{ ...kindred, texts: [text('LICENSE')] }, ...backbones, electron]
}

function everyComponent(components) {
  return (components ?? []).flatMap((each) => [each, ...everyComponent(each.components)])
}

/** `MIT`, or an expression of SPDX. */
function licenceOf({ licenses = [] }) {
  return licenses
    .map(({ expression, license }) => expression ?? license.id ?? license.name)
    .join(' AND ')
}

function textsOf(component) {
  const found = component.evidence?.licenses ?? []
  return found.map(({ license }) => Buffer.from(license.text.content, 'base64').toString('utf8'))
}

async function packageLicences(paths) {
  const options = ['--output-reproducible', '--gather-license-texts', '--output-file', '-']
  const { stdout } = await promisify(execFile)(process.execPath, [SBOM_PROGRAM, ...options], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'development' }, // else it leaves out svelte and what is built in
    maxBuffer: MOST_BYTES
  })
  const byPath = new Map(
    everyComponent(JSON.parse(stdout).components).map((component) => [
      component.properties.find(({ name }) => name === 'cdx:npm:package:path').value,
      component
    ])
  )
  return [...paths].sort().map((path) => {
    const component = byPath.get(path)
    if (!component) throw new Error(`${path}: is in the app, but not in the list of its parts`)
    const name = component.group ? `${component.group}/${component.name}` : component.name
    const texts = name in TEXTS ? [text(TEXTS[name])] : textsOf(component)
    const licence = licenceOf(component)
    if (texts.length === 0 || !licence)
      throw new Error(`${name}: says no licence; put its text into main/setup/licences`)
    return { name, version: component.version, licence, note: INSIDE[name] ?? '', texts }
  })
}
