// A disk that takes no more: the system refuses whatever this process would write to a file behind
// its first few kilobytes. Needs no rights; Linux (util-linux). Test code only.
import { execFileSync } from 'node:child_process'
import type { TestContext } from 'node:test'

/** From now on, and until `yields` or the end of the test, files do not grow. */
export function refusingDisk(context: TestContext): { yields(): void } {
  setLimit('4096')
  const yields = (): void => setLimit('unlimited')
  context.after(yields)
  return { yields }
}

/** Node ignores the signal that comes with it, and gets EFBIG. */
function setLimit(bytes: string): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:unlimited`])
}
