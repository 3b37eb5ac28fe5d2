// Paths of directories below the root of a folder, with '/' between names; '' is the root. Pure.

/** The path of a name in a directory, below the root. */
export function childOf(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`
}

/** True when `directory` is `top` or lies below it. */
export function isWithin(directory: string, top: string): boolean {
  return top === '' || directory === top || directory.startsWith(`${top}/`)
}

/** The directory right below `top` on the way to `directory`; undefined for `top` itself. */
export function firstBelow(top: string, directory: string): string | undefined {
  if (directory === top) return undefined
  const slash = directory.indexOf('/', top === '' ? 0 : top.length + 1)
  return slash < 0 ? directory : directory.slice(0, slash)
}
