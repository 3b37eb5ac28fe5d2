// What the machine says of its graphics devices, and where Vulkan's drivers lie: WebGPU runs on
// them. Plain Node; only reads.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where loaders look for Vulkan's drivers, and where containers put NVIDIA's. */
const DRIVERS = [
  '/usr/share/vulkan/icd.d',
  '/etc/vulkan/icd.d',
  '/usr/local/nvidia/share/vulkan/icd.d',
  '/usr/local/share/vulkan/icd.d'
]
/** Where shared libraries lie that no loader has been told of. */
const LIBRARIES = ['/usr/local/nvidia/lib64', '/usr/local/nvidia/lib']
/** Folders in which the system has its libraries. */
const SYSTEM = ['/usr/lib/x86_64-linux-gnu', '/lib/x86_64-linux-gnu', '/usr/lib64', '/lib64']

/** Lines about graphics cards, their drivers and device files. */
export function graphicsDevices(): string[] {
  const cards = listed('/sys/class/drm').filter((name) => /^card\d+$/.test(name))
  const nvidia = listed('/proc/driver/nvidia/gpus')
  const files = listed('/dev').filter((name) => /^(nvidia|dri$|dxg$)/.test(name))
  return [
    ...nvidia.map((name) => modelIn(`/proc/driver/nvidia/gpus/${name}/information`)),
    ...cards.map((name) => {
      const [vendor, device] = ['vendor', 'device'].map((file) =>
        read(`/sys/class/drm/${name}/device/${file}`).trim()
      )
      return `${name}: vendor ${vendor || '?'}, device ${device || '?'}`
    }),
    read('/proc/driver/nvidia/version').split('\n')[0] ?? '',
    files.map((name) => `/dev/${name}`).join(' ')
  ].filter(Boolean)
}

/** Vulkan's driver files, by path; those that are named by the environment, if any are. */
export function vulkanDrivers(): string[] {
  const named = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES
  if (named) return named.split(':')
  return DRIVERS.flatMap((folder) =>
    listed(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(folder, name))
  )
}

/**
 * The environment in which Vulkan finds its loader and drivers: libraries of the pack stand in for
 * those that the system has not.
 */
export function vulkanEnvironment(packed: string): Record<string, string> {
  const drivers = vulkanDrivers().join(':')
  const lacking = listed(packed).filter(
    (name) => ![...SYSTEM, ...LIBRARIES].some((folder) => existsSync(join(folder, name)))
  )
  const folders = [process.env.LD_LIBRARY_PATH ?? '', ...LIBRARIES.filter(existsSync)]
  if (lacking.length > 0) folders.push(packed)
  return {
    LD_LIBRARY_PATH: folders.filter(Boolean).join(':'),
    ...(drivers && { VK_DRIVER_FILES: drivers, VK_ICD_FILENAMES: drivers })
  }
}

function listed(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : []
}

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/** What NVIDIA's driver calls a card. */
function modelIn(path: string): string {
  return /^Model:\s*(.*)$/m.exec(read(path))?.[1] ?? `no model in ${path}`
}
