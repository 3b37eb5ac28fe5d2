// Subjects of commits are plain sentences of at most 72 characters. Needs the repository's history;
// a shallow clone and a tarball do not have it.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import { ROOT } from './sources.ts'

/** The rule holds for what came after this commit. */
const SINCE = '3714e49d39ff0ef0ba7d1b89fa1a38027c13e81e'
const MOST_CHARACTERS = 72

function git(...words: string[]): { isDone: boolean; lines: string[] } {
  const { status, stdout } = spawnSync('git', words, { cwd: ROOT, encoding: 'utf8' })
  return { isDone: status === 0, lines: (stdout ?? '').split('\n').filter((line) => line) }
}

/** What is wrong with a subject; undefined: nothing. */
function faultOf(subject: string): string | undefined {
  const { length } = [...subject]
  if (length > MOST_CHARACTERS) return `${length} characters: ${subject}`
  if (/[.;:,]$/.test(subject)) return `ends with a mark: ${subject}`
  if (/^(fixup|squash|amend)!|^wip\b/i.test(subject)) return `not to be kept: ${subject}`
  return undefined
}

const isKnown = git('merge-base', '--is-ancestor', SINCE, 'HEAD').isDone
const skip = isKnown ? false : `no history since ${SINCE.slice(0, 7)} here, so no subject is checked`

test(`subjects of commits have at most ${MOST_CHARACTERS} characters`, { skip }, () => {
  const { isDone, lines } = git('log', '--format=%s', `${SINCE}..HEAD`)
  assert.ok(isDone)
  assert.deepEqual(
    lines.flatMap((subject) => faultOf(subject) ?? []),
    []
  )
})

test('a subject that is too long, or no sentence, is found', () => {
  assert.equal(faultOf('x'.repeat(72)), undefined)
  assert.equal(faultOf('é'.repeat(72)), undefined)
  assert.match(faultOf('x'.repeat(73)) ?? '', /^73 characters/)
  assert.match(faultOf('A sentence.') ?? '', /mark/)
  assert.match(faultOf('wip') ?? '', /not to be kept/)
})
