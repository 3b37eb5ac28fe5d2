// What every set-up script needs: where the project lies, how a command is run, how a step is told.
// Plain Node without dependencies: this runs before `npm install` did. Never part of the app.
import { spawn } from 'node:child_process'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root folder. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** True as Linux's superuser: may install packages, and must start Electron without its sandbox. */
export const IS_ROOT = process.getuid?.() === 0

/** Where downloads are kept between runs and clones: outside the repository. */
export function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(base, 'kindred')
}

/** Something the person at the terminal has to put right: printed without a stack. */
export class SetupError extends Error {}

/** Windows starts npm, which is a script there, by its shell alone. */
export function isForShell(command) {
  return process.platform === 'win32' && command === 'npm'
}

/** Tells a step of the set-up, on stderr so that stdout stays the command's own. */
export function say(line) {
  process.stderr.write(`kindred: ${line}\n`)
}

/**
 * Runs a command in the root folder and resolves with its exit status (1 when a signal ended it).
 * `quiet` keeps its output back and prints it only when it failed.
 */
export function run(command, args, { env, quiet = false, timeout } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
      timeout,
      killSignal: 'SIGKILL',
      shell: isForShell(command)
    })
    const output = []
    child.stdout?.on('data', (bytes) => output.push(bytes))
    child.stderr?.on('data', (bytes) => output.push(bytes))
    child.on('error', (error) =>
      reject(new SetupError(`${command} could not be started: ${error.message}`))
    )
    child.on('close', (code) => {
      if (quiet && code !== 0) process.stderr.write(Buffer.concat(output))
      resolve(code ?? 1)
    })
  })
}

/** As `run`, and throws a SetupError that names the command when it failed. */
export async function mustRun(command, args, options) {
  const code = await run(command, args, options)
  if (code !== 0) throw new SetupError(`\`${[command, ...args].join(' ')}\` ended with ${code}`)
}

/** Runs a command and resolves with its stdout as text; throws a SetupError when it failed. */
export function outputOf(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
      shell: isForShell(command)
    })
    const output = []
    child.stdout.on('data', (bytes) => output.push(bytes))
    child.on('error', (error) =>
      reject(new SetupError(`${command} could not be started: ${error.message}`))
    )
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(output).toString('utf8').trim())
      else reject(new SetupError(`\`${[command, ...args].join(' ')}\` ended with ${code}`))
    })
  })
}

/** Runs a script's main function: a SetupError becomes one line and status 1. */
export async function runScript(main) {
  try {
    process.exitCode = await main(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(error.message)
    process.exitCode = 1
  }
}
