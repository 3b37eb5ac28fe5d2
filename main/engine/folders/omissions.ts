// What a person leaves out of a folder and takes back: subfolders, and photos that are too small.
// Runs in the writer, when no scan is on; see [Note: left out by a person].
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Candidate } from '../../catalogue/file-table.ts'
import { Fault } from '../../wire/fault.ts'
import { isWithin } from './directories.ts'
import { anotherPath, takePath } from './other-paths.ts'

/** True for a directory that is left out, or lies below one. */
export function isOmitted(directory: string, omitted: readonly string[]): boolean {
  return omitted.some((top) => isWithin(directory, top))
}

/**
 * Leaves a directory out of a folder, with all below it; the ids of its photos, which are gone. One
 * whose file lies elsewhere as well stays as that one's.
 */
export async function leaveOut(
  catalogue: Catalogue,
  folder: number,
  directory: string,
  now: number
): Promise<number[]> {
  const omitted = [...catalogue.omitted.directories(folder), directory]
  const elsewhere = new Map<number, Candidate>()
  for (const photo of catalogue.otherPaths.sharedBy(folder)) {
    if (!isWithin(photo.directory, directory)) continue
    const to = await anotherPath(
      catalogue,
      photo.id,
      (other) => other.folder !== folder || !isOmitted(other.directory, omitted)
    )
    if (to) elsewhere.set(photo.id, to)
  }
  return catalogue.transaction(() => {
    for (const [photo, to] of elsewhere) takePath(catalogue, photo, to)
    for (const each of catalogue.otherPaths.directories(folder))
      if (isWithin(each, directory)) catalogue.otherPaths.dropDirectory(folder, each)
    catalogue.omitted.put(folder, directory)
    return catalogue.omitted.omit(folder, directory, now)
  })
}

/**
 * Takes a directory back; the ids of its photos. What became of their files is told by the next
 * look. Directories in it that were left out by themselves stay out. Throws Fault bad-argument
 * where it is not left out.
 */
export function takeBack(catalogue: Catalogue, folder: number, directory: string): number[] {
  return catalogue.transaction(() => {
    const isOut = catalogue.omitted.drop(folder, directory)
    const omitted = catalogue.omitted.directories(folder)
    const around = omitted.find((top) => isWithin(directory, top))
    if (!isOut) throw notOut(directory, around)
    return releaseOthers(catalogue, folder, omitted)
  })
}

/** Takes back photos that are left out by a directory, but for those in `omitted`; their ids. */
function releaseOthers(catalogue: Catalogue, folder: number, omitted: readonly string[]): number[] {
  return catalogue.omitted
    .counts(folder)
    .filter((each) => !isOmitted(each.directory, omitted))
    .flatMap((each) => catalogue.omitted.release(folder, each.directory))
}

/**
 * Makes the photos of a folder agree with the directories that are left out of it, which earlier
 * versions wrote apart: a program that was killed between them left one without the other. The ids
 * of the photos that left and came back.
 */
export function agreeWithOmitted(
  catalogue: Catalogue,
  folder: number,
  now: number
): Record<'left' | 'returned', number[]> {
  return catalogue.transaction(() => {
    const omitted = catalogue.omitted.directories(folder)
    const returned = releaseOthers(catalogue, folder, omitted)
    const left = omitted.flatMap((each) => catalogue.omitted.omit(folder, each, now))
    return { left, returned }
  })
}

function notOut(subject: string, around: string | undefined): Fault {
  const expected = 'a folder that is left out'
  const received =
    around === undefined ? 'one that is not' : `a part of “${around}”: take that one back`
  return new Fault({ kind: 'bad-argument', about: 'folder', subject, expected, received })
}

/**
 * Leaves out what has fewer pixels than that on its longer side, and takes back what was too small;
 * 0 for nothing. The ids of the photos that came or left.
 */
export function setLeastPixels(
  catalogue: Catalogue,
  folder: number,
  least: number,
  now: number
): number[] {
  return catalogue.transaction(() => {
    catalogue.omitted.setLeast(folder, least || null)
    const came = catalogue.omitted.releaseLarge(folder, least)
    const small = least > 0 ? catalogue.omitted.omitSmall(folder, least, now) : []
    for (const directory of catalogue.omitted.directories(folder))
      catalogue.omitted.omit(folder, directory, now)
    return [...came, ...small]
  })
}

/** Photos that came back into folders that are too small for them, after a look; their ids. */
export function leaveOutSmall(catalogue: Catalogue, now: number): number[] {
  return [...catalogue.omitted.limits()].flatMap(([folder, least]) =>
    catalogue.transaction(() => catalogue.omitted.omitSmall(folder, least, now))
  )
}
