// How long exports of a library take, and how much memory at most.
// Run as `npm run bench -- export --library /tmp/many`, on a library that `simulate` made.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { Format } from '../../main/cli/export/export-library.ts'
import { createOutput, table, tellError } from '../../main/cli/output.ts'
import { Fault } from '../../main/wire/fault.ts'
import { describeMachine } from './machine.ts'
import { processorSeconds, textOf } from './processes.ts'

const HELP = `npm run bench -- export --library <dir> [options]
  --library <dir>    the library; \`npm run bench -- simulate\` makes a large one
  --to <format>      only this format; may be given more than once
  --out <dir>        where files are written and removed again (default: the temporary folder)
Peak memory is the most that the process had in RAM (VmHWM), Node and the codes of search included.`

const LOOK_EVERY = 100 // ms
const Answer = v.object({ photos: v.number(), bytes: v.number() })

const { values: options } = parseArgs({
  options: {
    library: { type: 'string' },
    to: { type: 'string', multiple: true, default: [...Format.options] },
    out: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false }
  }
})

async function main(): Promise<void> {
  if (options.help) return console.log(HELP)
  const { library } = options
  if (library === undefined)
    throw new Fault({
      kind: 'bad-argument',
      subject: '--library',
      expected: 'the folder of a library',
      received: 'nothing'
    })
  const rows = [['to', 'photos', 'seconds', 'of CPU', 'MB written', 'peak MB']]
  for (const format of options.to) rows.push(await measure(library, format))
  const machine = describeMachine()
  createOutput(false).answer(rows, () => [JSON.stringify(machine), ...table(rows)])
}

async function measure(library: string, format: string): Promise<string[]> {
  const home = mkdtempSync(join(options.out, 'kindred-bench-export-'))
  try {
    const args = ['--to', format, join(home, 'export'), '--library', library, '--json']
    const script = ['--import', 'tsx', 'main/cli/kindred.ts', 'export', ...args]
    const began = performance.now()
    const child = spawn(process.execPath, script, { stdio: ['ignore', 'pipe', 'inherit'] })
    let told = ''
    let [peak, processor] = [0, 0]
    child.stdout.setEncoding('utf8').on('data', (text: string) => (told += text))
    const watch = setInterval(() => {
      const pid = child.pid ?? 0
      const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(textOf(pid, 'status') ?? '')?.[1]
      peak = Math.max(peak, Number(kilobytes ?? 0) / 1024)
      processor = processorSeconds(pid) ?? processor
    }, LOOK_EVERY)
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
    clearInterval(watch)
    if (code !== 0) throw new Error(`export --to ${format} ended with ${code}`)
    const { photos, bytes } = v.parse(Answer, JSON.parse(told))
    const seconds = (performance.now() - began) / 1000
    const numbers = [photos, seconds, processor, bytes / 1e6, peak]
    return [format, ...numbers.map((number) => number.toFixed(0))]
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

main().catch((error: unknown) => (process.exitCode = tellError(error)))
