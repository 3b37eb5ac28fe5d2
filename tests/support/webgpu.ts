// WebGPU in tests where there is no graphics card: the software Vulkan driver that Electron
// carries.
import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const DRIVER = 'vk_swiftshader_icd.json'

/**
 * Names Electron's software driver to Vulkan, if this is Linux without a graphics device and no
 * driver is named yet. To be called before the first session; without any driver WebGPU has no
 * adapter.
 */
export function useSoftwareDriver(): void {
  if (process.platform !== 'linux' || process.env.VK_DRIVER_FILES || existsSync('/dev/dri')) return
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kindred')
  const cached = existsSync(cache) ? readdirSync(cache).map((name) => join(cache, name)) : []
  const folders = [process.env.ELECTRON_OVERRIDE_DIST_PATH ?? '', ...cached]
  const driver = folders.map((folder) => join(folder, DRIVER)).find((path) => existsSync(path))
  if (!driver) return
  process.env.VK_DRIVER_FILES = driver
  process.env.VK_ICD_FILENAMES = driver // its older name, for older loaders
}

/** Whether WebGPU runs on a software driver here: exact, but far slower than a device. */
export function isSoftware(): boolean {
  return (process.env.VK_DRIVER_FILES ?? '').endsWith(DRIVER)
}
