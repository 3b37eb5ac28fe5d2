// Replaces a catalogue by a new one. A damaged one: with the decisions of the newest file in which
// they can be read, itself or a copy; any other: with those of a copy that somebody names. Only who
// holds the library does so, before anything else has the file open.
//
// [Note: rebuilding] The new catalogue is made whole first, under another name; then the damaged
// one is set aside, with what lies beside it, and never deleted; then the new one takes its name. A
// kill in between is made good at the next start: once REBUILT_FILE is there, the rest is done.
// What a person decided is taken from one file, and what was learned from one of the same version:
// often the first can still be read where the second cannot, as it is much larger.
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Bug, Fault, isFault } from '../wire/fault.ts'
import type { Rebuilt } from '../wire/rebuilt.ts'
import { copiesOf, isCopyDue, makeCopy, makeDecisions } from './copies.ts'
import type { Copy, DecisionSource } from './copies.ts'
import { openDatabase } from './database.ts'
import { decisionTables } from './decisions.ts'
import type { Group } from './decisions.ts'
import {
  CATALOGUE_FILE,
  REBUILT_FILE,
  SUSPECT_FILE,
  UNFINISHED_FILE,
  moveDatabase,
  onDisk,
  removeDatabase,
  timeInName
} from './library-files.ts'
import { migrate } from './migrations.ts'
import { MIGRATIONS } from './schema-steps.ts'
import { settingsTable } from './settings-table.ts'
import { conditionOf, readableDecisions } from './soundness.ts'
import type { ReadableDecisions } from './soundness.ts'

/**
 * Sees that the library has a catalogue that is sound, or none yet, and a copy of one whose tables
 * are of an older version. Says what was replaced. Throws a Fault, as `conditionOf` does.
 */
export function makeSound(library: string, patience?: number): Rebuilt | undefined {
  if (existsSync(join(library, REBUILT_FILE))) return finish(library)
  const path = join(library, CATALOGUE_FILE)
  const suspect = join(library, SUSPECT_FILE)
  const condition = conditionOf(path, { thorough: existsSync(suspect), patience })
  const isLost = condition.state === 'empty' && copiesOf(library).length > 0
  if (condition.state === 'damaged' || isLost) {
    buildOfNewest(library, condition.state === 'damaged' ? condition.why : 'it is empty', Date.now())
    return finish(library)
  }
  if (condition.state === 'sound' && condition.version < MIGRATIONS.length)
    makeCopy(library, Date.now())
  onDisk(suspect, () => rmSync(suspect, { force: true }))
  return undefined
}

/** Damage was met at work: the next start checks the whole catalogue. Never throws. */
export function suspectDamage(library: string): void {
  try {
    writeFileSync(join(library, SUSPECT_FILE), '')
  } catch (error) {
    console.error('kindred: that the catalogue is damaged could not be noted:', error)
  }
}

/** Makes a copy if one is due. Throws as `makeCopy`; damage that is met is noted. */
export function copyIfDue(library: string, now: number): void {
  try {
    if (isCopyDue(library, now)) makeCopy(library, now)
  } catch (error) {
    if (isFault(error, 'library-damaged')) suspectDamage(library)
    throw error
  }
}

/**
 * Replaces the catalogue by one with the decisions of a copy, at somebody's wish; what was is set
 * aside. Throws Fault library-damaged where what a person decided cannot be read in the copy.
 */
export function restoreCopy(library: string, copy: Copy, now: number): Rebuilt {
  if (existsSync(join(library, REBUILT_FILE))) finish(library)
  const [source] = readable([copy])
  if (!source || !holds(source, 'person')) throw unreadableCopy(copy.path)
  const kept = `kindred-replaced-${timeInName(now)}.sqlite`
  build(library, [source], { at: now, why: 'somebody asked for it', kept, isAsked: true })
  return finish(library)
}

function unreadableCopy(subject: string): Fault {
  return new Fault({
    kind: 'library-damaged',
    subject,
    expected: 'a copy whose folders and favourites can be read',
    received: 'another file, or one that is damaged'
  })
}

interface Source extends ReadableDecisions {
  path: string
  at: number
}

/** Those of the files that are there, with what can be read of them. */
function readable(files: readonly Copy[]): Source[] {
  return files.flatMap(({ path, at }) => {
    const decisions = existsSync(path) ? readableDecisions(path) : undefined
    return decisions ? [{ path, at, ...decisions }] : []
  })
}

function buildOfNewest(library: string, why: string, now: number): void {
  const files = [{ path: join(library, CATALOGUE_FILE), at: now }, ...copiesOf(library)]
  const kept = `kindred-damaged-${timeInName(now)}.sqlite`
  build(library, readable(files), { at: now, why, kept })
}

/** Makes what takes the catalogue's name, of the first of the sources that will do. */
function build(
  library: string,
  sources: readonly Source[],
  reason: Omit<Rebuilt, 'from'>
): void {
  const unfinished = join(library, UNFINISHED_FILE)
  removeDatabase(unfinished)
  const person = sources.find((source) => holds(source, 'person'))
  const learned = sources.find(
    (source) => source.version === person?.version && holds(source, 'learned')
  )
  const rebuilt: Rebuilt = { ...reason, from: person?.at ?? null }
  makeDecisions(
    unfinished,
    person?.version ?? MIGRATIONS.length,
    [...taken(person, 'person'), ...taken(learned, 'learned')],
    (database) => {
      migrate(database)
      const settings = settingsTable(database)
      settings.setRebuilt(rebuilt)
      settings.setSweptAt(reason.at) // or thumbnails of photos that are not back yet would go
    }
  )
  onDisk(unfinished, () => renameSync(unfinished, join(library, REBUILT_FILE)))
}

function holds({ version, tables }: Source, group: Group): boolean {
  return decisionTables(version, group).every((table) => tables.has(table))
}

function taken(source: Source | undefined, group: Group): DecisionSource[] {
  return source ? [{ path: source.path, tables: decisionTables(source.version, group) }] : []
}

function finish(library: string): Rebuilt {
  const made = join(library, REBUILT_FILE)
  const path = join(library, CATALOGUE_FILE)
  const database = openDatabase(made, { readOnly: true })
  const rebuilt = settingsTable(database).rebuilt()
  database.close()
  if (!rebuilt) throw new Bug('a rebuilt catalogue says why')
  moveDatabase(path, join(library, rebuilt.kept))
  onDisk(path, () => {
    renameSync(made, path)
    rmSync(join(library, SUSPECT_FILE), { force: true })
  })
  return rebuilt
}
