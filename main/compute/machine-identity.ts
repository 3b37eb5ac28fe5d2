// What tells that the machine is another, or has other drivers: devices are then measured again.
// Compute's main thread; reads names and times of files, nothing of what they do.
import { createHash } from 'node:crypto'
import { readFile, readdir, stat } from 'node:fs/promises'
import { arch, cpus, platform, release } from 'node:os'
import { join } from 'node:path'
import { builtInProviders, runtimeVersion } from '../../model/learning.ts'

/** Files that change with the driver of a device, where there are any. */
const DRIVERS = ['/proc/driver/nvidia/version', '/sys/module/amdgpu/version']
/** Folders that list the drivers of Vulkan, on which WebGPU runs: an update changes their files. */
const VULKAN_DRIVERS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d']
/** Grows when devices are judged in another way: what was measured before counts no more. */
const JUDGED = 2

/** Changes when the machine, its system, a driver or ONNX Runtime does. */
export async function identityOfMachine(): Promise<string> {
  const drivers = DRIVERS.map((path) => readFile(path, 'utf8').catch(() => '')) // mostly not there
  const vulkan = VULKAN_DRIVERS.map((path) => contentsOf(path))
  const parts = [
    JUDGED,
    platform(),
    arch(),
    release(),
    cpus()[0]?.model ?? '',
    await runtimeVersion(),
    await builtInProviders(),
    await Promise.all([...drivers, ...vulkan])
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}

/** Names and times of a folder's files; none where it is not there; a broken link has no time. */
export async function contentsOf(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  const times = names.sort().map((name) => stat(join(folder, name)).catch(() => undefined))
  return (await Promise.all(times)).map((file, at) => `${names[at]} ${file?.mtimeMs ?? ''}`)
}
