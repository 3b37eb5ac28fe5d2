// What is left out of each folder: what a scan found, and what a person decided. Runs in the
// reader; reads only.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { LEFT_OUT_KINDS } from '../../wire/left-out.ts'
import type { LeftOut } from '../../wire/left-out.ts'

/** Of each folder of the library, by its id: at most one of each kind. */
export function leftOutByFolder(catalogue: Catalogue): Map<number, LeftOut[]> {
  const byFolder = new Map<number, LeftOut[]>()
  const add = (folder: number, some: LeftOut): void =>
    void byFolder.set(folder, [...(byFolder.get(folder) ?? []), some])
  for (const { folder, ...some } of catalogue.leftOut.groups()) add(folder, some)
  for (const { id } of catalogue.folders.list()) {
    const [first, ...others] = catalogue.omitted.directories(id)
    if (first !== undefined) add(id, { kind: 'chosen', count: 1 + others.length, first })
  }
  for (const { folder, ...some } of catalogue.omitted.small())
    add(folder, { kind: 'small', ...some })
  for (const all of byFolder.values()) all.sort(byKind)
  return byFolder
}

function byKind(a: LeftOut, b: LeftOut): number {
  return LEFT_OUT_KINDS.indexOf(a.kind) - LEFT_OUT_KINDS.indexOf(b.kind)
}
