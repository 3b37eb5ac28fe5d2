// Runs Electron for `npm start` and says what to do where Chromium cannot have its sandbox. It is
// never left out in silence. Set-up, plain Node without dependencies.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { say } from './machine.mjs'

// What Chromium prints before it aborts: without its helper, and with one that is not set up
// (electron/electron#42510).
const ABORT =
  /No usable sandbox!|SUID sandbox helper binary was found, but is not configured correctly/
const KEPT_CHARACTERS = 64 * 1024
// Where the system says that it closes unprivileged user namespaces: [setting, closed, open].
const SETTINGS = [
  ['kernel.apparmor_restrict_unprivileged_userns', '1', '0'], // Ubuntu since 23.10
  ['kernel.unprivileged_userns_clone', '0', '1'], // older Debian
  ['user.max_user_namespaces', '0', '10000']
]

function closedBy() {
  return SETTINGS.find(([setting, closed]) => {
    try {
      return readFileSync(`/proc/sys/${setting.replaceAll('.', '/')}`, 'utf8').trim() === closed
    } catch {
      return false // this system has no such setting
    }
  })
}

function quoted(path) {
  return `'${path.replaceAll("'", `'\\''`)}'`
}

/** What a person can do, from what Electron printed; undefined if that was another trouble. */
function adviceOn(output, folder) {
  if (!ABORT.test(output)) return undefined
  const setting = closedBy()
  const helper = join(folder, 'chrome-sandbox')
  const mends = existsSync(helper)
    ? `sudo chown root:root ${quoted(helper)} && sudo chmod 4755 ${quoted(helper)}`
    : setting && `sudo sysctl -w ${setting[0]}=${setting[2]}`
  return [
    'Chromium cannot have its sandbox here, and Kindred does not open photos without it.',
    setting
      ? `This system closes what the sandbox is made of (${setting[0]} is ${setting[1]}).`
      : 'This system closes what the sandbox is made of, unprivileged user namespaces.',
    mends ? `This line mends it; then start again:\n\n  ${mends}\n` : ''
  ].join('\n')
}

/**
 * Runs Electron to its end, its output shown; resolves with its exit status (1 when a signal ended
 * it). Says which command helps if it ended for want of its sandbox.
 */
export function runElectron(executable, args) {
  const child = spawn(executable, args, { stdio: ['inherit', 'inherit', 'pipe'] })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  let output = ''
  child.stderr.on('data', (bytes) => {
    process.stderr.write(bytes)
    output = (output + bytes).slice(-KEPT_CHARACTERS)
  })
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('close', (code) => {
      const advice = code === 0 ? undefined : adviceOn(output, dirname(executable))
      if (advice) say(advice)
      done(code ?? 1)
    })
  })
}
