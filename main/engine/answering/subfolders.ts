// The directories of a folder with the photos in and below each, and which of them are left out.
// Runs in the reader; reads only.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { DirectoryInfo } from '../../wire/engine-records.ts'
import type { Subfolder } from '../../wire/folder-methods.ts'

/** The directories of a folder, with the photos in and below each, in order of path. */
export function directoriesOf(catalogue: Catalogue, folder: number): DirectoryInfo[] {
  const known = [...catalogue.photos.directories(folder), ...catalogue.otherPaths.counts(folder)]
  return withParents(known)
}

/**
 * The directories below a folder that hold photos or are left out, in order of path. The photos of
 * those that are left out are counted in themselves, and not in what they lie in.
 */
export function subfoldersOf(catalogue: Catalogue, folder: number): Subfolder[] {
  const omitted = new Set(catalogue.omitted.directories(folder))
  const isOut = (path: string): boolean => lineOf(path).some((each) => omitted.has(each))
  const shown = directoriesOf(catalogue, folder).map(({ path, photos }) => [path, photos] as const)
  const out = withParents(catalogue.omitted.counts(folder))
  const photos = new Map(shown)
  for (const path of omitted) photos.set(path, 0)
  for (const one of out) if (isOut(one.path)) photos.set(one.path, one.photos)
  photos.delete('')
  return [...photos]
    .map(([path, count]) => ({
      path,
      photos: count,
      leftOut: omitted.has(path),
      around: lineOf(path).some((each) => each !== path && omitted.has(each))
    }))
    .sort(byPath)
}

/** Directories that photos lie in, and all that those lie in; counts of both. */
function withParents(known: readonly { directory: string; photos: number }[]): DirectoryInfo[] {
  const counts = new Map<string, number>()
  for (const { directory, photos } of known) {
    for (const path of lineOf(directory)) counts.set(path, (counts.get(path) ?? 0) + photos)
  }
  return [...counts].map(([path, photos]) => ({ path, photos })).sort(byPath)
}

/** A directory and all that it lies in, the folder itself first. */
function lineOf(directory: string): string[] {
  const names = directory === '' ? [] : directory.split('/')
  return ['', ...names.map((_, i) => names.slice(0, i + 1).join('/'))]
}

/** Parents before what is in them, whatever signs sort before '/'. */
function byPath(a: Pick<DirectoryInfo, 'path'>, b: Pick<DirectoryInfo, 'path'>): number {
  const [x, y] = [a.path.replaceAll('/', '\0'), b.path.replaceAll('/', '\0')]
  return x < y ? -1 : Number(x > y)
}
