// The Python that `npm test` made ready, with the packages that read exports. Test code only.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const executable = process.env['KINDRED_PYTHON'] ?? ''
const why = process.env['KINDRED_NO_PYTHON'] ?? ''

/** Why tests with Python are skipped here; false where they run. */
export const NO_PYTHON: string | false =
  executable === '' && (why === '' ? '`npm test` makes the Python for them' : why)

/** Runs a script of the tests with this on its stdin; what it printed as JSON. */
export async function askPython(script: string, task: object): Promise<unknown> {
  const path = fileURLToPath(new URL(`../${script}`, import.meta.url))
  const child = spawn(executable, [path], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(task))
  let told = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (told += text))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`${script} ended with ${code}`)
  return JSON.parse(told)
}
