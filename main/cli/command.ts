// What every command shares: its options, a library opened around it, Ctrl-C, the exit code.
import type { Command } from './parser.ts'
import * as v from 'valibot'
import type { Closed, Engine, EngineOptions, LibraryAnswers } from '../engine/api.ts'
import { createEngine } from '../engine/engine.ts'
import { lookInto } from '../engine/look-only.ts'
import { Fault } from '../wire/fault.ts'
import { type Output, EXIT, createOutput, tellError } from './output.ts'
import { type OpenLibrary, openLibraryOf } from './open-library.ts'

type OnDamage = NonNullable<EngineOptions['onDamage']>

const Shared = v.object({ library: v.string(), json: v.optional(v.boolean(), false) })

/** What is told of most jobs that are stopped. */
const KEPT = 'what was done is kept'

/** Adds --library and --json to a command. */
export function withLibrary(command: Command): Command {
  return command
    .requiredOption('--library <dir>', 'the folder that holds the catalogue and thumbnails')
    .option('--json', 'print the answer as JSON on stdout')
}

/**
 * Holds the library that the options name, with a compute unless that is not needed, runs the job,
 * closes everything, sets the exit code: what the job gives, else 0. Other options are read before:
 * what is wrong with them is told at once, and no library is made for it.
 */
export function runWithEngine(
  options: unknown,
  job: (engine: Engine, output: Output) => Promise<number | void>,
  { compute = true } = {}
): Promise<void> {
  const open = (library: string, onDamage: OnDamage): Promise<Engine> =>
    createEngine({ library, watch: false, settle: 0, onDamage })
  return run(options, open, { startsCompute: compute }, job)
}

/**
 * The same for a job that only looks: the library may be open elsewhere, and compute is started
 * when something is asked for that is not stored. `stopping`: what is told when it is stopped.
 */
export function runWithAnswers(
  options: unknown,
  job: (answers: LibraryAnswers, output: Output) => Promise<void>,
  { stopping = KEPT } = {}
): Promise<void> {
  const open = (library: string, _onDamage: OnDamage, onWanted: () => void) =>
    lookInto(library, onWanted)
  return run(options, open, { startsCompute: false, stopping }, job)
}

async function run<L extends LibraryAnswers>(
  options: unknown,
  open: (library: string, onDamage: OnDamage, onComputeWanted: () => void) => Promise<L>,
  { startsCompute, stopping = KEPT }: { startsCompute: boolean; stopping?: string },
  job: (library: L, output: Output) => Promise<number | void>
): Promise<void> {
  const given = v.parse(Shared, options)
  const output = createOutput(given.json)
  let opened: OpenLibrary | undefined
  let interrupted = false
  let damaged = false
  const interrupt = (): void => {
    interrupted = true
    output.note(`kindred: stopping; ${stopping}.`)
    void (opened?.close() ?? Promise.resolve(undefined)).then(
      (closed) => endWith(EXIT.interrupted, closed),
      () => process.exit(EXIT.interrupted)
    )
  }
  /** Nothing can be closed in good order: what was committed is kept. */
  const endDamaged: OnDamage = (fault, ended) => {
    damaged = true
    const code = tellError(fault)
    void ended.then(() => process.exit(code))
  }
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  try {
    const library = await open(given.library, endDamaged, () => opened?.wantCompute())
    opened = openLibraryOf(library, () =>
      output.note('kindred: compute ended and is started again.')
    )
    if (startsCompute) await opened.startCompute()
    process.exitCode = (await Promise.race([job(library, output), opened.lost])) ?? EXIT.done
  } catch (error) {
    if (damaged) await new Promise(() => undefined) // the process ends
    // What a job says of a library that was closed under it is no news.
    process.exitCode = interrupted ? EXIT.interrupted : tellError(error)
  } finally {
    const closed = await opened?.close()
    if (closed && closed.unanswered > 0) endWith(Number(process.exitCode ?? EXIT.done), closed)
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

/** Ends the process, though a disk that hangs holds a thread of it, which Node would wait for. */
function endWith(code: number, closed: Closed | undefined): void {
  if (!closed || closed.unanswered === 0) process.exit(code)
  const shell = ['sh', '-c', `exit ${code}`]
  // Only newer Nodes can become another program, whose end then tells the code.
  if ('execve' in process && typeof process.execve === 'function')
    process.execve('/bin/sh', shell, process.env)
  process.kill(process.pid, 'SIGKILL')
}

/** A whole number of an option within bounds. Throws Fault bad-argument, naming the option. */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new Fault({
    kind: 'bad-argument',
    subject: option,
    expected: `a whole number from ${least} to ${most}, in digits`,
    received: text
  })
}
