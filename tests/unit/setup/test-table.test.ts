// What `npm test` says at its end: a tier of which nothing ran is never told as passed, and fails
// where this machine could have run it.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import {
  CHROMIUM,
  chromiumRemark,
  faultyFoldersRemark,
  mayMount,
  node20Remark,
  notRun,
  reasonLines,
  tableLines
} from '../../../main/setup/test-table.mjs'
import { jobsOf, leftOf, planOf } from '../../../main/setup/test-plan.mjs'
import { temporaryFolder } from '../../support/library.ts'

function result(tier: string, pass: number, fail: number, skipped: number) {
  const job = { tier, runtime: 'Node 20', files: 1, name: `tests/${tier}/a.test.ts` }
  return { job, passed: fail === 0, pass, fail, skipped, seconds: 1 }
}

const LEFT = [{ tier: 'node20', file: 'tests/unit/wire/channel.test.ts', isNamed: false }]

function words(results: ReturnType<typeof result>[], left = [] as typeof LEFT): string[] {
  return tableLines(results, left).slice(1).map((line) => line.split(/ {2,}/).slice(0, 2).join(' '))
}

test('a tier passed, failed, or was skipped as a whole', () => {
  const results = [result('unit', 3, 0, 1), result('system', 2, 1, 0), result('disks', 0, 0, 4)]
  const expected = ['passed unit', 'FAILED system', 'SKIPPED disks', 'SKIPPED node20']
  assert.deepEqual(words(results, LEFT), expected)
  assert.deepEqual(words([result('disks', 0, 0, 4), result('disks', 1, 0, 0)]), ['passed disks'])
})

test('a tier that did not run fails where it is expected, or was asked for', () => {
  const skipped = [result('unit', 3, 0, 1), result('disks', 0, 0, 4)]
  assert.deepEqual(notRun(skipped, [], []), [])
  assert.deepEqual(notRun(skipped, [], ['disks']).length, 1)
  assert.match(notRun(skipped, ['disks'], [])[0] ?? '', /^disks: it was asked for/)
  assert.deepEqual(notRun([result('unit', 3, 0, 1)], [], ['disks']), [])
})

const PACK = 'tests/system/bench/device.test.ts'

test('a file that needs a Node 20 is told where there is none, and fails if it was named', () => {
  for (const [args, isFailure] of [
    [[], false],
    [['system'], false],
    [['system', PACK], true],
    [[`./${PACK}`], true],
    [['node20'], true]
  ] as const) {
    const plan = planOf(args)
    assert.deepEqual(leftOf(plan, true, true), [], 'with both Nodes')
    const left = leftOf(plan, false, true)
    assert.ok(left.some(({ file }) => file === PACK))
    const remark = node20Remark(left, 'Node 22.1.0')
    assert.match(remark?.text ?? '', /^node20: \d+ files? did not run: npm runs on Node 22\.1\.0/)
    assert.equal(remark?.isFailure, isFailure, args.join(' '))
  }
  assert.equal(node20Remark([], 'Node 22.1.0'), undefined)
})

test('without a Node 24 nothing leaves its tier, and node20 runs where it is asked for', () => {
  const plan = planOf([PACK], false)
  assert.deepEqual(plan, [{ tier: 'system', file: PACK, isNamed: true }])
  assert.deepEqual(leftOf(plan, false, false), [])
  const all = planOf([], false)
  assert.ok(all.some(({ tier, file }) => tier === 'system' && file === PACK))
  assert.deepEqual(new Set(leftOf(all, true, false).map(({ tier }) => tier)), new Set(['node20']))
  assert.deepEqual(leftOf(planOf(['node20'], false), true, false), [])
})

test('the end tells why a file failed, or how far one came that was ended', (context) => {
  const file = join(temporaryFolder(context), 'bad.test.mjs')
  const source = `import test from 'node:test'
    test('fine', () => undefined)
    test('outer', (t) => t.test('inner', () => { throw new Error('the tile is gone') }))`
  writeFileSync(file, source)
  const { NODE_TEST_CONTEXT: _none, ...env } = process.env // its runner is not a part of this one
  const args = ['--test-reporter=spec', file]
  const { stdout } = spawnSync(process.execPath, args, { env, encoding: 'utf8' })
  const told = reasonLines(stdout)
  assert.match(told[1] ?? '', /✖ inner/)
  assert.ok(told.includes(`${' '.repeat(10)}Error: the tile is gone`), told.join('\n'))
  assert.equal(told.some((line) => /fine|node:internal/.test(line)), false)
  const hung = reasonLines(`${'▶ waiting\n'.repeat(50)}\nended: it ran for too long\n`)
  assert.equal(hung.at(-1), '        ended: it ran for too long')
  assert.ok(hung.length <= 40)
})

test('short files of a room share a process, unless they are named or there is no Node 24', () => {
  const plan = planOf(['unit', 'node20'])
  const jobs = jobsOf(plan, true)
  const wire = jobs.filter(({ name }) => name.startsWith('tests/unit/wire/'))
  const shared = wire.filter(({ tier }) => tier === 'unit')
  assert.deepEqual(shared.map(({ name }) => name), ['tests/unit/wire/'])
  const files = (tier: string): string[] =>
    plan.filter((each) => each.tier === tier && each.file.includes('/wire/')).map(({ file }) => file)
  assert.deepEqual(shared[0]?.files, files('unit'))
  assert.equal(wire.length, 1 + files('node20').length)
  const all = (each: typeof jobs): string[] => each.flatMap(({ files: of }) => of).sort()
  assert.deepEqual(all(jobs), plan.map(({ file }) => file).sort(), 'each runs once')
  assert.equal(jobsOf(plan, false).length, plan.length)
  const [file = ''] = files('unit')
  assert.deepEqual(jobsOf(planOf([file]), true), [{ tier: 'unit', files: [file], name: file }])
})

test('an older Chromium than people get fails, a newer one is told', () => {
  assert.equal(chromiumRemark(`Chromium ${CHROMIUM}.0.8078.108`), undefined)
  assert.equal(chromiumRemark(`Chromium ${CHROMIUM - 1}.0.1`)?.isFailure, true)
  assert.match(chromiumRemark('no Chromium')?.text ?? '', /people get .* tested on no Chromium$/)
  assert.equal(chromiumRemark('no Chromium')?.isFailure, true)
  assert.equal(chromiumRemark(`Chromium ${CHROMIUM + 1}.0.1`)?.isFailure, false)
})

test('the Chromium that people get is the one that the documents name', () => {
  assert.ok(readFileSync('docs/pictures.md', 'utf8').includes(`Chromium 130 and ${CHROMIUM}`))
})

test('tests with folders that give errors fail where their tool could be installed', () => {
  assert.equal(faultyFoldersRemark(undefined), undefined)
  const remark = faultyFoldersRemark({ why: 'python3-fusepy is missing', isInstallable: true })
  assert.equal(remark?.isFailure, true)
  assert.match(remark.text, /^disks: .* did not run: python3-fusepy is missing$/)
  const none = faultyFoldersRemark({ why: 'there is no /dev/fuse', isInstallable: false })
  assert.equal(none?.isFailure, false)
})

test('the right to mount is read off what the system tells', (context) => {
  const status = join(temporaryFolder(context), 'status')
  writeFileSync(status, 'Name:\tnode\nCapEff:\t000001ffffffffff\n')
  assert.equal(mayMount(status), true)
  writeFileSync(status, 'Name:\tnode\nCapEff:\t00000000a80425fb\n') // the superuser of a container
  assert.equal(mayMount(status), false)
  assert.equal(mayMount(join(status, 'nowhere')), false)
})
