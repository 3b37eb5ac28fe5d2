// Which files of a directory are photos and which are companions of a photo: the RAW beside its
// JPEG, the film of a live photo, the files in which programs keep their settings for it. Told by
// names, but for those whose first bytes are a photo's, and by which files could not be read
// before. Pure.
//
// [Note: companions] Cameras and phones give the files of one picture one name with several
// endings. One of them is the photo, so that one picture is one tile; the others are stored with it
// by name. A JPEG or HEIC is the photo before a RAW, unless it is damaged: then the RAW is, and the
// damaged file is its companion (and still listed among what is not read). Where all are damaged
// the JPEG is the photo, so that one picture is told once.
//
// [Note: edited versions] Phones and programs write an edited version beside its original under a
// name of its own. A name proves little: counters begin anew, and people give names, too. So both
// are photos until both were described, and then edits.ts decides; an edited version that is one
// has its original as companion from then on.
import { extensionOf, isFilmName, isRawName, nameKind } from '../../wire/picture-names.ts'

/** Endings of what is the photo before all others of its name, the first before the next. */
const FIRST = 'jpg jpeg jpe jfif heic heif hif'.split(' ')
const HEIC: ReadonlySet<string> = new Set('heic heif hif'.split(' '))
/** Settings of programs for a photo, by the photo's name: XMP, and Apple's changes of pictures. */
const SETTINGS = /\.(xmp|aae)$/i

/** Words that say of a name that its picture was edited, with a number behind some of them. */
const EDITED =
  'edited edit effects bearbeitet modifié modificato editado editada editat ha_editado bewerkt ' +
  'edytowane redigerad redigeret redigert 編集済み'
const EDITED_NAMES = new RegExp(
  `^(.+?)[-_ ]\\(?(?:${EDITED.replaceAll(' ', '|').replaceAll('_', '[ _]')})\\)?` +
    '(?:[-_ ]?\\(?\\d{1,2}\\)?)?$',
  'u'
)

type Role = 'first' | 'second' | 'film' | 'settings' | 'other'

/** The files of one name, by what they are. */
type Group = Record<Role, string[]>

const roles = new Map<string, Role>() // of endings that were met: names are many, endings few

function roleOf(name: string): Role {
  const extension = extensionOf(name)
  const known = roles.get(extension)
  if (known) return known
  const role = newRoleOf(name, extension)
  if (roles.size < 1000) roles.set(extension, role)
  return role
}

function newRoleOf(name: string, extension: string): Role {
  if (FIRST.includes(extension)) return 'first'
  if (isRawName(name) || extension === 'mpo') return 'second'
  if (isFilmName(name)) return 'film'
  return SETTINGS.test(name) ? 'settings' : 'other'
}

/** True for a file that keeps settings for a photo beside it. */
export function isSettingsFile(name: string): boolean {
  return SETTINGS.test(name)
}

/** True for a name whose damage decides which file of that name is the photo. */
export function hasRank(name: string): boolean {
  const role = roleOf(name)
  return role === 'first' || role === 'second'
}

/** A photo as its names tell it. */
export interface NamedPhoto {
  companions: readonly string[]
  /** The file that it is an edited version of, if its name is true. */
  original?: string
}

/** What is known of files from earlier looks. */
export interface Known {
  isDamaged: (name: string) => boolean
  /** True for a file called a RAW or a film that is a photo of another kind. */
  isPhotoInstead: (name: string) => boolean
  /** True for an edited version whose original is known to show the same. */
  isEdit: (name: string) => boolean
}

const NOTHING: Known = {
  isDamaged: () => false,
  isPhotoInstead: () => false,
  isEdit: () => false
}

/**
 * The files whose names make them companions of another of these: what they are is looked at, since
 * they would not be shown.
 */
export function namedCompanions(names: readonly string[]): string[] {
  const isLead = (name: string): boolean => !['second', 'film'].includes(roleOf(name))
  const rest = names.filter((name) => !isLead(name) && extensionOf(name) !== 'mpo')
  if (rest.length === 0) return []
  const leads = new Set(names.filter((name) => roleOf(name) === 'first').map(stemOf))
  return rest.filter((name) => leads.has(stemOf(name)))
}

/**
 * The photos among the files of a directory, in their order, each with its companions. A damaged
 * file may be both: a photo that is not read, and companion of the one that is.
 * @param names files that may be photos
 * @param settings files that keep settings of programs
 */
export function pairFiles(
  names: readonly string[],
  settings: readonly string[] = [],
  known: Known = NOTHING
): Map<string, NamedPhoto> {
  const owned = new Map<string, readonly string[]>()
  const companions = new Set<string>()
  for (const group of groupsOf(names, settings, known.isPhotoInstead).values())
    for (const [photo, its] of ownersOf(group, known.isDamaged)) {
      owned.set(photo, inOrder(its))
      for (const name of its) if (roleOf(name) !== 'first') companions.add(name)
    }
  const photos = new Map<string, NamedPhoto>()
  for (const name of names)
    if (!companions.has(name)) photos.set(name, { companions: owned.get(name) ?? [] })
  pairEdits(photos, known)
  return photos
}

/**
 * Gives edited versions their originals: what is known to be one takes its original, and what
 * belongs to that, as companions. A version of a version takes all.
 */
function pairEdits(photos: Map<string, NamedPhoto>, { isDamaged, isEdit }: Known): void {
  const edits: [name: string, stem: string][] = []
  for (const name of photos.keys()) {
    const stem = originalStem(stemOf(name))
    if (stem !== undefined && roleOf(name) !== 'film' && !isDamaged(name)) edits.push([name, stem])
  }
  if (edits.length === 0) return
  const wanted = new Map<string, string[]>(edits.map(([, stem]) => [stem, []]))
  for (const name of photos.keys())
    if (roleOf(name) !== 'film' && !isDamaged(name)) wanted.get(stemOf(name))?.push(name)
  edits.sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
  for (const [name, stem] of edits) {
    const originals = (wanted.get(stem) ?? []).filter((one) => photos.has(one)).sort(byPreference)
    const [original] = originals
    const edit = photos.get(name)
    const former = original === undefined ? undefined : photos.get(original)
    if (original === undefined || !edit || !former) continue
    if (!isEdit(name)) {
      photos.set(name, { ...edit, original })
      continue
    }
    photos.set(name, { companions: withOriginal(edit, original, former), original })
    photos.delete(original)
  }
}

/** The companions of an edited version once it has its original. */
export function withOriginal(
  edit: NamedPhoto,
  original: string,
  { companions }: NamedPhoto
): string[] {
  return inOrder([...edit.companions, original, ...companions])
}

/** Files by their names without ending, where there may be a companion among them. */
function groupsOf(
  names: readonly string[],
  settings: readonly string[],
  isPhotoInstead: Known['isPhotoInstead']
): Map<string, Group> {
  const groups = new Map<string, Group>()
  const beginGroup = (stem: string): Group => {
    const group = groups.get(stem) ?? { first: [], second: [], film: [], settings: [], other: [] }
    groups.set(stem, group)
    return group
  }
  for (const name of settings) beginGroup(stemOfSettings(name)).settings.push(name)
  const rest: [string, Role][] = []
  for (const name of names) {
    const role = isPhotoInstead(name) ? 'other' : roleOf(name)
    if (role === 'second' || role === 'film') beginGroup(stemOf(name))[role].push(name)
    else rest.push([name, role])
  }
  if (groups.size > 0) for (const [name, role] of rest) groups.get(stemOf(name))?.[role].push(name)
  return groups
}

/** Who has the companions of a group, and which. */
function ownersOf(
  { first, second, film, settings, other }: Group,
  isDamaged: (name: string) => boolean
): [owner: string, its: string[]][] {
  first.sort(byPreference)
  second.sort()
  const isWhole = (name: string): boolean => !isDamaged(name)
  const whole = first.find(isWhole)
  const [preferred] = first
  if (preferred === undefined) {
    const owner = second[0] ?? other.sort()[0]
    return owner === undefined ? [] : [[owner, settings]]
  }
  const spare = whole === undefined ? second.find(isWhole) : undefined
  if (spare !== undefined) {
    const others = second.filter((name) => name !== spare)
    return [[spare, [...others, ...first, ...film, ...settings]]]
  }
  const owner = whole ?? preferred
  const live = first.find((name) => isWhole(name) && HEIC.has(extensionOf(name))) ?? owner
  if (live === owner) return [[owner, [...second, ...film, ...settings]]]
  return [
    [owner, [...second, ...settings]],
    [live, film]
  ]
}

function byPreference(a: string, b: string): number {
  const place = (name: string): number => {
    const at = FIRST.indexOf(extensionOf(name))
    return at < 0 ? FIRST.length : at
  }
  return place(a) - place(b) || (a < b ? -1 : 1)
}

const ORDER: readonly Role[] = ['second', 'first', 'other', 'film', 'settings']

/** Companions as they are told and stored: always the same order for the same files. */
export function inOrder(names: readonly string[]): string[] {
  if (names.length < 2) return [...names]
  const place = (name: string): number => ORDER.indexOf(roleOf(name))
  return [...names].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
}

/** What comes before the ending, whatever its case. */
function stemOf(name: string): string {
  const extension = extensionOf(name)
  const stem = extension === '' ? name : name.slice(0, -extension.length - 1)
  return stem.toLowerCase()
}

/** The name without ending of what settings are for: a.xmp, a.jpg.xmp; IMG_O1.AAE for IMG_1. */
function stemOfSettings(name: string): string {
  const subject = name.replace(SETTINGS, '')
  if (nameKind(subject) === 'picture') return stemOf(subject)
  return subject.toLowerCase().replace(/^img_o(\d+)$/, 'img_$1')
}

/**
 * The name without ending of what an edited version was made from; undefined for other names.
 * IMG_E1 (iPhone), a~2 (Google Photos), a-edited (exports of Google, in many languages), a-Edit
 * (Lightroom).
 */
export function originalStem(stem: string): string | undefined {
  const apple = /^img_e(\d{4,})$/.exec(stem)
  if (apple) return `img_${apple[1]}`
  const google = /^(.+)~\d$/.exec(stem)
  return (google ?? EDITED_NAMES.exec(stem.normalize('NFC')))?.[1]
}
