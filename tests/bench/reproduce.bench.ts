// Both papers from random weights on ten classes of generated 32x32 pictures: does mAP@1000 rise?
// Run as `npm run bench -- reproduce`; a quarter of an hour a paper on two free cores.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { startKindred } from '../support/kindred.ts'
import { writeBatches } from '../support/ten-classes.ts'
import { describeMachine } from './machine.ts'

const HELP = `npm run bench -- reproduce [options]
  --methods spq,sscq   which papers
  --images 2000        pictures to train on, and a fifth of them as queries
  --epochs 10
  --interrupt          run each again, killed in its middle and resumed; the numbers must be equal
  --json               {machine, runs} on stdout, the rest on stderr`

const { values: options } = parseArgs({
  options: {
    methods: { type: 'string', default: 'spq,sscq' },
    images: { type: 'string', default: '2000' },
    epochs: { type: 'string', default: '10' },
    interrupt: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
})

const Answer = v.object({
  method: v.string(),
  loss: v.array(v.number()),
  mAP: v.array(v.object({ epoch: v.number(), value: v.number() })),
  best: v.object({ epoch: v.number(), value: v.number() })
})
type Answer = v.InferOutput<typeof Answer>

/** As much as the mAP of random weights must rise: by half of itself. */
const RISE = 1.5
const CLASSES = 10
const say = options.json ? console.error : console.log

async function main(): Promise<void> {
  if (options.help) return console.log(HELP)
  const machine = describeMachine()
  say(`${machine.cpu}, ${machine.cores} cores; load before ${machine.load}`)
  const home = mkdtempSync(join(tmpdir(), 'kindred-reproduce-'))
  try {
    const data = join(home, 'data')
    const each = Math.ceil(Number(options.images) / CLASSES)
    writeBatches(data, each, Math.ceil(each / 5))
    const runs: Answer[] = []
    for (const method of options.methods.split(',')) {
      const began = performance.now()
      const whole = await run(method, data, join(home, method))
      const minutes = (performance.now() - began) / 60_000
      say(told(whole, minutes))
      const start = whole.mAP[0]?.value ?? Number.NaN
      assert.ok(whole.best.value > RISE * start, `${method}: mAP rises from ${start}`)
      if (options.interrupt) {
        assert.deepEqual(await interrupted(method, data, join(home, `${method}-broken`)), whole)
        say(`${method}, killed in its middle and resumed: the same numbers`)
      }
      runs.push(whole)
    }
    if (options.json) console.log(JSON.stringify({ machine, runs }))
  } finally {
    rmSync(home, { recursive: true })
  }
}

function command(method: string, data: string, out: string): string[] {
  const size = ['--images', options.images, '--epochs', options.epochs]
  return ['reproduce', '--method', method, '--data', data, '--out', out, ...size, '--json']
}

async function run(method: string, data: string, out: string): Promise<Answer> {
  const { child, ended } = startKindred(...command(method, data, out))
  child.stderr?.pipe(process.stderr)
  const { code, stdout } = await ended
  assert.equal(code, 0, `${method}: ended with ${code}`)
  return v.parse(Answer, JSON.parse(stdout))
}

/** A run that is killed after half of its epochs and gone on with. */
async function interrupted(method: string, data: string, out: string): Promise<Answer> {
  const { child, ended } = startKindred(...command(method, data, out))
  const half = `"epoch":${Math.floor(Number(options.epochs) / 2)},`
  const log = join(out, 'log.jsonl')
  let over = false
  void ended.then(() => void (over = true))
  while (!over && !read(log).includes(half)) await setTimeout(200)
  assert.ok(!over, `${method}: it ended before it could be killed`)
  child.kill('SIGKILL')
  await ended
  return run(method, data, out)
}

/** The log so far; empty before the first epoch. */
function read(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

function told({ method, loss, mAP, best }: Answer, minutes: number): string {
  const start = mAP[0]?.value ?? Number.NaN
  const losses = loss.map((value) => value.toFixed(3)).join(' ')
  return (
    `${method}: mAP@1000 ${start.toFixed(4)} untrained, ${best.value.toFixed(4)} best (epoch ` +
    `${best.epoch}), in ${minutes.toFixed(1)} min; losses ${losses}`
  )
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
