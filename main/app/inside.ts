// Questions about paths that security hangs on. Runs in app; pure.
import { isAbsolute, relative, sep } from 'node:path'

/** True when `path` lies below the folder `root`. Text only: give it real paths. */
export function isInside(path: string, root: string): boolean {
  const way = relative(root, path)
  // On another drive of Windows there is no relative way: it comes back absolute.
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
