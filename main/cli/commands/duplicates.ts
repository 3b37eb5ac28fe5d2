// `kindred duplicates`: photos that are there more than once, and which of them to keep. Nothing is
// removed.
import * as v from 'valibot'
import type { Command } from '../parser.ts'
import type { FoundGroup } from '../../engine/duplicates/duplicate-groups.ts'
import { DUPLICATE_KINDS as KINDS, REASON_WORDS } from '../../wire/duplicate-messages.ts'
import type { DuplicateKind, Reason } from '../../wire/duplicate-messages.ts'
import { Fault } from '../../wire/fault.ts'
import { runWithAnswers, withLibrary } from '../command.ts'

const Options = v.object({
  kind: v.array(v.string()),
  within: v.optional(v.string()),
  prefer: v.array(v.string())
})

const HEADINGS: Record<DuplicateKind, string> = {
  identical: 'Equal files',
  same: 'The same picture in several files',
  bursts: 'Several shots of one moment'
}

const HELP = `
Answers {identical, same, bursts, waiting, decided, protected, away}. A kind has {bytes, groups:
[{bytes, reason, photos: [{path, bytes, width, height}]}]}. identical: equal files; same: one
picture, resized, saved again, turned, mirrored, cropped a little; bursts: shots within 10 seconds
that are alike. The first photo of a group is the one to keep, and each of the others is as that
one; reason tells what sets it apart from the second: protected, folder, marked, whole, sharp, size,
format, dated, bytes, companions, first, place. bytes of a group is what its other files take. A
photo that another kind has as superfluous is not told again. waiting: photos that are still to be
compared, by kindred index or the app.
What was decided in the app holds here, too; its order of folders comes after those of --prefer.
Not told are groups that were marked as no duplicates (decided: how many), photos beside the one
to keep that lie in protected folders (protected), and those whose drive or folder is not there
(away).`

/** What is left out, in words. */
const LEFT_OUT: readonly ['decided' | 'protected' | 'away', (count: number) => string][] = [
  ['decided', (n) => `Left out: ${n} ${n === 1 ? 'group' : 'groups'} marked as no duplicates.`],
  ['protected', (n) => `Left out: ${n} ${photos(n)} in protected folders.`],
  ['away', (n) => `Left out: ${n} ${photos(n)} whose drive or folder is not there.`]
]
function photos(n: number): string {
  return n === 1 ? 'photo' : 'photos'
}

/** A group as it is told. */
interface ToldGroup {
  bytes: number
  reason: Reason
  photos: { path: string; bytes: number; width: number; height: number }[]
}

/** Registers the command. */
export function duplicatesCommand(program: Command): void {
  const several = (one: string, all: string[]): string[] => [...all, one]
  withLibrary(program.command('duplicates'))
    .description('Find photos that are there more than once. Nothing is removed.')
    .option(
      '--kind <kind>',
      `only ${KINDS.join(', ')} (may be given more than once)`,
      several,
      []
    )
    .option('--within <folder>', 'only photos below this folder')
    .option(
      '--prefer <folder>',
      'keep what lies below it; of several, the first given is preferred most',
      several,
      []
    )
    .addHelpText('after', HELP)
    .action(duplicates)
}

async function duplicates(options: unknown): Promise<void> {
  const { kind, within, prefer } = v.parse(Options, options)
  const kinds = kindsOf(kind)
  await runWithAnswers(options, async (answers, output) => {
    const found = await answers.duplicates({ within, preferred: prefer })
    const byKind = kinds.map((each) => [each, toldOf(found.groups, each)] as const)
    const left = { decided: found.decided, protected: found.protected, away: found.away }
    output.answer({ ...Object.fromEntries(byKind), waiting: found.waiting, ...left }, () => [
      ...byKind.flatMap(([each, { groups, bytes }]) => linesOf(each, groups, bytes)),
      ...LEFT_OUT.flatMap(([which, words]) => (left[which] > 0 ? [words(left[which])] : [])),
      ...(found.waiting > 0
        ? [`${found.waiting} photos are still to be compared: run kindred index.`]
        : [])
    ])
  })
}

/** One of the three kinds. */
function toldOf(
  groups: readonly FoundGroup[],
  kind: DuplicateKind
): { bytes: number; groups: ToldGroup[] } {
  const own = groups.filter((group) => group.kind === kind)
  return {
    bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
    groups: own.map(({ bytes, reason, photos }) => ({
      bytes,
      reason,
      photos: photos.filter(mayBeTold).map(({ path, size, width, height }) => {
        return { path, bytes: size, width, height }
      })
    }))
  }
}

/** What is told beside the one to keep may go, so none of it is protected. */
function mayBeTold({ isProtected }: FoundGroup['photos'][number], place: number): boolean {
  return place === 0 || !isProtected
}

function linesOf(
  kind: DuplicateKind,
  groups: readonly ToldGroup[],
  bytes: number
): string[] {
  if (groups.length === 0) return [`${HEADINGS[kind]}: none.`, '']
  const count = groups.length === 1 ? '1 group' : `${groups.length} groups`
  return [
    `${HEADINGS[kind]}: ${count}, ${megabytes(bytes)} besides those to keep.`,
    ...groups.flatMap(({ photos: [keeper, ...others], reason }) => [
      `  keep ${keeper?.path ?? ''} (${REASON_WORDS[reason]})`,
      ...others.map(({ path }) => `       ${path}`)
    ]),
    ''
  ]
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

/** The kinds that are asked for, all where none is named. Throws Fault bad-argument. */
function kindsOf(named: readonly string[]): readonly DuplicateKind[] {
  const wrong = named.find((one) => !KINDS.some((kind) => kind === one))
  if (wrong !== undefined)
    throw new Fault({
      kind: 'bad-argument',
      subject: '--kind',
      expected: KINDS.join(', '),
      received: wrong
    })
  return named.length === 0 ? KINDS : KINDS.filter((kind) => named.includes(kind))
}
