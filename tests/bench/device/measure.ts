// The program in the pack: tells what there is, then starts each part in a process of its own and
// ends it when its time is over. Plain Node, without npm; ends within eight minutes.
import { spawn } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import {
  METHODS,
  builtInProviders,
  bundledProviders,
  runsHere,
  runtimeVersion,
  type Provider
} from '../../../model/learning.ts'
import { graphicsDevices, vulkanDrivers, vulkanEnvironment } from './machine-devices.ts'
import { backbone, deepTraining, head, reproduce } from './parts.ts'

/** Seconds that each part may take; together under eight minutes. */
const LIMITS = { devices: 20, backbone: 65, head: 75, deep: 75, spq: 115, sscq: 115 }
type Part = keyof typeof LIMITS
/** Of a part of `reproduce`: what opening the model may take of its time. */
const OPENING = 25

const say = (line: string): void => console.log(`  ${line}`)
const program = process.argv[1] ?? ''
const libraries = fileURLToPath(new URL('../../../libraries', import.meta.url))

async function main([part]: readonly string[]): Promise<void> {
  if (part !== undefined) return runPart(part as Part)
  const began = performance.now()
  const [cpu] = cpus()
  console.log(`${cpu?.model ?? 'unknown'}, ${cpus().length} cores, ${gigabytes()} GB`)
  console.log(`Node ${process.versions.node}`)
  for (const name of Object.keys(LIMITS) as Part[]) await started(name)
  console.log(`${((performance.now() - began) / 1000).toFixed(0)} s in all`)
}

function gigabytes(): number {
  return Math.round(totalmem() / 2 ** 30)
}

/** Runs a part in a process of its own, which is ended after its time. */
function started(part: Part): Promise<void> {
  console.log(`\n${part}`)
  const env = { ...process.env, ...vulkanEnvironment(libraries) }
  const child = spawn(process.execPath, [program, part], { env, stdio: 'inherit' })
  const timer = setTimeout(() => {
    say(`ended after ${LIMITS[part]} s`)
    child.kill('SIGKILL')
  }, LIMITS[part] * 1000)
  return new Promise((resolve) => {
    child.on('error', (error) => say(error.message))
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (code !== 0 && signal !== 'SIGKILL') say(`failed: ${signal ?? code}`)
      resolve()
    })
  })
}

async function runPart(part: Part): Promise<void> {
  if (part === 'devices') return devices()
  const provider = await deviceHere()
  if (part === 'backbone') return backbone(provider, say)
  if (part === 'head') return head(provider, say)
  if (part === 'deep') return deepTraining(provider, say)
  const method = METHODS.find((name) => name === part)
  if (method) await reproduce(method, provider, LIMITS[part] - OPENING, say)
}

async function devices(): Promise<void> {
  for (const line of graphicsDevices()) say(line)
  for (const path of vulkanDrivers()) say(`Vulkan driver ${path}`)
  say(`ONNX Runtime ${await runtimeVersion()} with ${(await builtInProviders()).join(', ')}`)
  for (const provider of await bundledProviders()) {
    const runs = await runsHere(provider)
    say(`${provider}: ${runs === true ? 'runs' : runs.reason.split('\n')[0]}`)
  }
}

/** The first device that runs; the processor where there is none. */
async function deviceHere(): Promise<Provider> {
  for (const provider of await bundledProviders())
    if (provider !== 'cpu' && (await runsHere(provider)) === true) return provider
  return 'cpu'
}

main(process.argv.slice(2)).catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
})
