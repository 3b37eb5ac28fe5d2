// The end of a child process, for tests that look at what it said.
import { once } from 'node:events'
import type { ChildProcess } from 'node:child_process'

/**
 * Resolves once a child has ended, its output was read to the end and its messages have come. The
 * event 'exit' alone may come before the last of both.
 */
export async function endOf(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close')
  if (child.connected) await once(child, 'disconnect')
  await closed
}
