// `kindred reproduce` in processes of its own, on a few generated pictures: what it answers, that a
// run which is stopped or killed goes on to the same numbers, and what it says of wrong input.
import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import * as v from 'valibot'
import { decodeSafetensors, encodeSafetensors } from '../../../model/learning.ts'
import { kindred, startKindred, type Ran } from '../../support/kindred.ts'
import { CLASS_NAMES, writeBatches, writeFolders } from '../../support/ten-classes.ts'

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const Answer = v.strictObject({
  method: v.picklist(['spq', 'sscq']),
  bits: count,
  images: count,
  epochs: count,
  loss: v.array(v.number()),
  mAP: v.array(v.strictObject({ epoch: count, value: share })),
  best: v.strictObject({
    epoch: count,
    value: share,
    heldOut: v.strictObject({ epoch: count, value: share, others: share })
  })
})
const LogLine = v.strictObject({
  epoch: count,
  loss: v.optional(v.number()),
  mAP: v.optional(share),
  heldOut: v.optional(share),
  others: v.optional(share),
  seconds: v.optional(v.number())
})

const home = mkdtempSync(join(tmpdir(), 'kindred-reproduce-'))
const data = join(home, 'data')
before(() => writeBatches(data, 3, 1))
after(() => rmSync(home, { recursive: true, force: true }))

/** A network of a quarter of the width takes a quarter of the time, and runs in the same way. */
function options(out: string, ...more: string[]): string[] {
  const small = ['--bits', '16', '--epochs', '3', '--batch', '8', '--provider', 'cpu']
  const narrow = ['--narrower', '4']
  const to = join(home, out)
  return ['reproduce', '--data', data, '--out', to, '--json', ...small, ...narrow, ...more]
}

function answerOf(ran: Ran): v.InferOutput<typeof Answer> {
  assert.equal(ran.code, 0, ran.stderr)
  return v.parse(Answer, JSON.parse(ran.stdout))
}

function logOf(out: string): v.InferOutput<typeof LogLine>[] {
  const lines = readFileSync(join(home, out, 'log.jsonl'), 'utf8')
    .trim()
    .split('\n')
  return lines.map((line) => v.parse(LogLine, JSON.parse(line)))
}

/** Waits until a file of a run that is going on holds a text. */
async function until(path: string, text: string, ended: Promise<Ran>): Promise<void> {
  let over: Ran | undefined
  void ended.then((ran) => void (over = ran))
  while (!(existsSync(path) && readFileSync(path, 'utf8').includes(text))) {
    if (over) assert.fail(`the run ended before it wrote ${text}: ${over.stderr}`)
    await setTimeout(20)
  }
}

test('a run that is stopped, killed and resumed gives the numbers of one that is not', async () => {
  const command = options('whole', '--method', 'spq')
  const whole = answerOf(await kindred(...command))
  assert.deepEqual(
    [whole.method, whole.bits, whole.images, whole.epochs, whole.loss.length],
    ['spq', 16, 30, 3, 3]
  )
  assert.deepEqual(
    whole.mAP.map(({ epoch }) => epoch),
    [0, 1, 2, 3]
  )
  assert.equal(whole.best.value, Math.max(...whole.mAP.map(({ value }) => value)))
  const log = logOf('whole')
  assert.deepEqual(
    log.map(({ epoch, loss, mAP }) => [epoch, loss, mAP]),
    whole.mAP.map(({ epoch, value }) => [epoch, whole.loss[epoch - 1], value])
  )
  assert.match(
    readFileSync(join(home, 'whole', 'plot.svg'), 'utf8'),
    /^<svg [^]*polyline[^]*svg>$/m
  )

  const broken = options('broken', '--method', 'spq')
  const path = join(home, 'broken', 'log.jsonl')
  const stopped = startKindred(...broken)
  await until(path, '"epoch":0', stopped.ended) // the next steps go on
  stopped.child.kill('SIGINT')
  const ended = await stopped.ended
  assert.deepEqual([ended.code, ended.stdout], [130, ''], ended.stderr)
  const killed = startKindred(...broken)
  await until(path, '"epoch":1', killed.ended)
  killed.child.kill('SIGKILL')
  assert.equal((await killed.ended).code, null)
  const resumed = await kindred(...broken, '--resume')
  assert.deepEqual(answerOf(resumed), whole)
  assert.doesNotMatch(resumed.stderr, /epoch 0: /, 'what was done is not done again')

  const again = await kindred(...broken)
  assert.deepEqual(answerOf(again), whole, 'a run that is over tells its answer once more')
  const other = await kindred(...options('broken', '--method', 'spq', '--seed', '2'))
  assert.equal(other.code, 1)
  assert.match(other.stderr, /--out: .*seed 1.* got .*seed 2/s)
})

test('SSCQ on folders of classes, a balanced part of them, evaluated at chosen epochs', async () => {
  const folders = join(home, 'folders')
  await writeFolders(folders, 3, 2)
  const papers = ['--method', 'sscq', '--narrower', '1'] // once as wide as the papers'
  const part = [...papers, '--data', folders, '--images', '20', '--epochs', '2']
  const ran = await kindred(...options('part', ...part, '--evaluate-every', '5'))
  const answer = answerOf(ran)
  assert.deepEqual([answer.method, answer.images, answer.loss.length], ['sscq', 20, 2])
  assert.deepEqual(
    answer.mAP.map(({ epoch }) => epoch),
    [0, 2]
  )
  assert.match(ran.stderr, /epoch 1 of 2/)
})

test('linked folders of classes count, and a run goes on with the provider that it has', async () => {
  const folders = join(home, 'linked from')
  await writeFolders(folders, 2, 1)
  const links = join(home, 'links')
  for (const half of ['train', 'test']) {
    mkdirSync(join(links, half), { recursive: true })
    for (const name of CLASS_NAMES)
      symlinkSync(join(folders, half, name), join(links, half, name), 'junction')
  }
  const wanted = ['--method', 'spq', '--data', links]
  const first = await kindred(...options('linked', ...wanted))
  assert.match(first.stderr, /20 pictures to train on, 10 to ask/)
  const again = await kindred(...options('linked', ...wanted, '--provider', 'auto', '--resume'))
  assert.deepEqual(answerOf(again), answerOf(first))
})

test('a loss that is no number ends the run, and the checkpoint stays', async () => {
  const wanted = options('diverged', '--method', 'spq')
  answerOf(await kindred(...wanted))
  const file = join(home, 'diverged', 'checkpoint.safetensors')
  const { notes, tensors } = decodeSafetensors(readFileSync(file))
  const history = JSON.parse(notes['history'] ?? '').slice(0, 2)
  const place = { epoch: 1, step: 0, lossSum: 0 }
  const { codebooks } = tensors
  assert.ok(codebooks?.type === 'f32')
  codebooks.data[0] = NaN
  const damaged = encodeSafetensors({
    tensors,
    notes: { ...notes, place: JSON.stringify(place), history: JSON.stringify(history) }
  })
  writeFileSync(file, damaged)
  const ran = await kindred(...wanted)
  assert.equal(ran.code, 1)
  assert.match(ran.stderr, /expected a loss that is a number \(.*\), got none at epoch 2, step 1/)
  assert.deepEqual(readFileSync(file), Buffer.from(damaged))
})

test('wrong input is told with its remedy', async () => {
  const bare = join(home, 'bare')
  mkdirSync(bare)
  const cut = join(home, 'cut')
  mkdirSync(cut)
  writeFileSync(join(cut, 'data_batch_1.bin'), new Uint8Array(100))
  writeFileSync(join(cut, 'test_batch.bin'), new Uint8Array(3073))
  const broken = join(home, 'no-picture')
  for (const half of ['train', 'test'])
    for (const name of CLASS_NAMES.slice(0, 2)) {
      mkdirSync(join(broken, half, name), { recursive: true })
      writeFileSync(join(broken, half, name, '1.png'), 'no picture')
    }
  const damaged = join(home, 'damaged')
  mkdirSync(damaged)
  writeFileSync(join(damaged, 'checkpoint.safetensors'), 'no checkpoint')
  const file = join(home, 'file')
  writeFileSync(file, '')
  const halves = join(home, 'halves')
  mkdirSync(join(halves, 'test'), { recursive: true })
  writeFileSync(join(halves, 'train'), 'no folder')
  const cases: [number, string[], RegExp][] = [
    [1, ['--data', halves], /train: expected a folder of classes, got a file/],
    [1, ['--data', file], /file: expected CIFAR-10.*neither/],
    [1, ['--out', file], /--out .*file: .*expected a folder that can be written to, got EEXIST/],
    [1, ['--batch', '256'], /--batch: expected at most .* to train on, 30, got 256/],
    [1, ['--data', join(home, 'typo')], /typo: expected CIFAR-10.*no folder/],
    [1, ['--data', bare], /bare: expected CIFAR-10.*neither/],
    [1, ['--data', cut], /data_batch_1.bin: expected a multiple of 3073 bytes, got 100/],
    [1, ['--data', broken], /1\.png: .*expected a photo/],
    [1, ['--images', '5'], /--images: expected a whole number from 8 to 30, in digits, got 5/],
    [1, ['--out', damaged], /checkpoint.safetensors: .*expected a whole checkpoint/],
    [1, ['--resume'], /expected a checkpoint to go on with \(.*\), got none/],
    [2, ['--bits', '24'], /16, 32, 64/],
    [2, ['--provider', 'abacus'], /cpu/]
  ]
  for (const [code, args, says] of cases) {
    const ran = await kindred(...options('wrong', '--method', 'spq', ...args))
    assert.equal(ran.code, code, `${args.join(' ')}: ${ran.stderr}`)
    assert.match(ran.stderr, says)
    assert.equal(ran.stdout, '')
  }
  const provider = process.platform === 'darwin' ? 'dml' : 'coreml'
  const lacks = await kindred(...options('wrong', '--method', 'spq', '--provider', provider))
  assert.equal(lacks.code, 1)
  assert.match(lacks.stderr, new RegExp(`--provider ${provider}: expected one that runs here`))
})
