// The files of a package below a root of its own, as both deb and rpm want them. Set-up.
import { mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { mustRun } from '../machine.mjs'

/**
 * Copies `contents` below `root`, readable for everyone whoever made them.
 * @param contents `[{ from, to }]` of `parsedArguments`.
 */
export async function layOut(contents, root) {
  for (const { from, to } of contents) {
    const place = join(root, to)
    mkdirSync(dirname(place), { recursive: true })
    await mustRun('cp', ['-a', '--reflink=auto', '--no-target-directory', from, place])
  }
  await mustRun('chmod', ['-R', 'u+rwX,go+rX,go-w', root])
}

/** The paths of all files below a folder, from it, in the order of their names. */
export function filesBelow(folder, path = '') {
  return readdirSync(join(folder, path), { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const child = join(path, entry.name)
      return entry.isDirectory() ? filesBelow(folder, child) : [child]
    })
}

/** The address that people are sent to, or none where there is no such place yet. */
export function homepageOf({ url }) {
  return url && !new URL(url).hostname.endsWith('.invalid') ? url : undefined
}
