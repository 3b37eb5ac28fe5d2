// `kindred duplicates`: photos that are there more than once, and which of them to keep. Nothing is
// removed.
import * as v from 'valibot'
import type { Command } from '../parser.ts'
import type { FoundDuplicates, FoundGroup } from '../../engine/api.ts'
import { KINDS } from '../../engine/answering/duplicate-groups.ts'
import type { DuplicateKind } from '../../engine/answering/duplicate-groups.ts'
import type { Reason } from '../../engine/answering/keeper.ts'
import { Fault } from '../../wire/fault.ts'
import { runWithView, withLibrary } from '../command.ts'

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
const WHY: Record<Reason, string> = {
  folder: 'in a preferred folder',
  marked: 'favourite or rated higher',
  whole: 'not damaged',
  sharp: 'sharper',
  size: 'more pixels',
  format: 'a format that keeps more',
  dated: 'has its camera’s date',
  bytes: 'larger file',
  companions: 'files beside it belong to it',
  first: 'the first',
  place: 'shorter path'
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
    .addHelpText(
      'after',
      '\nAnswers {identical, same, bursts, waiting}, each {bytes, groups: [{bytes, reason, photos:' +
        '\n[{path, bytes, width, height}]}]}. identical: equal files; same: one picture, resized,' +
        '\nsaved again, turned, mirrored, cropped a little; bursts: shots within 10 seconds that are' +
        '\nalike. The first photo of a group is the one to keep, and each of the others is as that' +
        '\none; reason tells what sets it apart from the second: folder, marked, whole, sharp, size,' +
        '\nformat, dated, bytes, companions, first, place. bytes of a group is what its other files' +
        '\ntake. A photo that another kind has as superfluous is not told again. waiting: photos that' +
        '\nare still to be compared, by kindred index or the app.'
    )
    .action(duplicates)
}

async function duplicates(options: unknown): Promise<void> {
  await runWithView(options, { compute: false }, async (view, output) => {
    const { kind, within, prefer } = v.parse(Options, options)
    const kinds = kindsOf(kind)
    const found = await view.duplicates({ within, preferred: prefer })
    const byKind = kinds.map((each) => [each, viewOf(found, each)] as const)
    output.answer({ ...Object.fromEntries(byKind), waiting: found.waiting }, () => [
      ...byKind.flatMap(([each, { groups, bytes }]) => linesOf(each, groups, bytes)),
      ...(found.waiting > 0
        ? [`${found.waiting} photos are still to be compared: run kindred index.`]
        : [])
    ])
  })
}

/** One of the three views. */
function viewOf(
  { groups }: FoundDuplicates,
  kind: DuplicateKind
): { bytes: number; groups: Omit<FoundGroup, 'kind'>[] } {
  const own = groups.filter((group) => group.kind === kind)
  return {
    bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
    groups: own.map(({ kind: _, ...group }) => group)
  }
}

function linesOf(
  kind: DuplicateKind,
  groups: readonly Omit<FoundGroup, 'kind'>[],
  bytes: number
): string[] {
  if (groups.length === 0) return [`${HEADINGS[kind]}: none.`, '']
  const count = groups.length === 1 ? '1 group' : `${groups.length} groups`
  return [
    `${HEADINGS[kind]}: ${count}, ${megabytes(bytes)} besides those to keep.`,
    ...groups.flatMap(({ photos: [keeper, ...others], reason }) => [
      `  keep ${keeper?.path ?? ''} (${WHY[reason]})`,
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
