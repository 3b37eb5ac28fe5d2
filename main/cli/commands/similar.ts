// `kindred similar <photo>...`: the kin of photos of the library, or of any photo files.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from '../parser.ts'
import * as v from 'valibot'
import type { Subject } from '../../engine/answering/kin-question.ts'
import { Crop } from '../../wire/query-contract.ts'
import { runWithAnswers, wholeNumber, withLibrary } from '../command.ts'
import { FilterOptions, badOption, filterOf, withFilter } from '../filter-options.ts'
import { kinAnswer, kinLine } from '../kin-lines.ts'
import { table } from '../output.ts'

const Options = v.object({
  top: v.string(),
  unlike: v.array(v.string()),
  ...FilterOptions.entries,
  fold: v.optional(v.boolean(), true),
  crop: v.optional(v.string()),
  strictness: v.optional(v.string())
})

/** Registers the command. */
export function similarCommand(program: Command): void {
  withFilter(withLibrary(program.command('similar')))
    .description('Find the kin of a photo, or of several together.')
    .argument('<photo...>', 'photo files, in the library or not, or ids of photos')
    .option('--top <n>', 'how many to show, at most 1000', '20')
    .option(
      '--unlike <photo>',
      'what they should not be like (may be given more than once)',
      (photo: string, all: string[]) => [...all, photo],
      []
    )
    .option('--crop <part>', 'ask with a part of the first photo: left,top,width,height as shares')
    .option('--no-fold', 'show each near-identical picture and each shot of a moment by itself')
    .option('--strictness <share>', '0: the same kind of thing, 1: the same thing (default 0.5)')
    .addHelpText(
      'after',
      '\nAll that narrows must hold, and kin are those of the photos that are left, exactly.\n' +
      '\nAnswers {query, copies, putAway, kin: [{path, score, likeness, nearness}]}, best first. score is the cosine that' +
        '\nthey are ordered by; likeness, 0..1, and nearness (same-picture, same-thing, same-kind,' +
        '\nlittle, chance) say how near a kin is, and say the same by whatever model. query is the' +
        '\nphoto, or a list of several. The photos asked with are left out, and so are their copies:' +
        '\nthe paths of files equal to them are told by themselves, and of those that were put away from' +
        '\nthem (`not-like`) as putAway. A kin has the paths of files that' +
        '\nare equal to it as copies, and those that show the same picture (resized, saved again,' +
        '\nturned, mirrored, cropped a little, framed) as alike, further shots of the same moment (by the' +
        '\ncamera’s clock) as shots, unless --no-fold says otherwise.' +
        '\nNearly blank pictures are nobody’s kin. A date is that of capture, else of the file. A' +
        '\nphoto with files beside it that belong to it, its RAW for instance, has their names as' +
        '\ncompanions.'
    )
    .action((photos: string[], options: unknown) => similar(photos, options))
}

async function similar(photos: readonly string[], options: unknown): Promise<void> {
  const given = v.parse(Options, options)
  const top = wholeNumber('--top', given.top, 1, 1000)
  const crop = given.crop === undefined ? undefined : cropOf(given.crop)
  const strictness = given.strictness === undefined ? undefined : shareOf(given.strictness)
  await runWithAnswers(options, async (answers, output) => {
    const found = await answers.similar({
      parts: [
        ...photos.map((photo, i) => ({
          of: { ...subjectOf(photo), ...(i === 0 && crop && { crop }) },
          weight: 1
        })),
        ...given.unlike.map((photo) => ({ of: subjectOf(photo), weight: -1 }))
      ],
      filter: await filterOf(answers, given),
      strictness,
      top,
      fold: given.fold
    })
    const kin = found.kin.map(kinAnswer)
    const asked = photos.map((photo) => Object.values(subjectOf(photo))[0])
    const query = asked.length === 1 ? asked[0] : asked
    output.answer({ query, copies: found.copies, putAway: found.putAway, kin }, () => [
      ...copyLines(found.copies),
      ...putAwayLines(found.putAway),
      ...(kin.length === 0
        ? ['No kin: the library holds no other indexed photo that is asked for.']
        : table(found.kin.map(kinLine)))
    ])
  })
}

function copyLines(copies: readonly string[]): string[] {
  return copies.length > 0 ? ['The same file lies at:', ...copies.map((path) => `  ${path}`), ''] : []
}

function putAwayLines(putAway: readonly string[]): string[] {
  if (putAway.length === 0) return []
  return ['Put away from it:', ...putAway.map((path) => `  ${path}`), '']
}

function subjectOf(photo: string): Subject {
  const isId = /^\d+$/.test(photo) && !existsSync(photo)
  return isId ? { id: Number(photo) } : { path: resolve(photo) }
}

function cropOf(text: string): Crop {
  const [left, top, width, height, more] = text.split(',').map(Number)
  const parsed = v.safeParse(Crop, { left, top, width, height })
  if (more === undefined && parsed.success && parsed.output.width * parsed.output.height > 0)
    return parsed.output
  throw badOption('--crop', 'four shares from 0 to 1, as 0.25,0.1,0.5,0.5', text)
}

function shareOf(text: string): number {
  const share = text.trim() === '' ? Number.NaN : Number(text)
  if (share >= 0 && share <= 1) return share
  throw badOption('--strictness', 'a number from 0 to 1', text)
}
