// Copies of what a person decided, made while the library is open: at its start if one is due, and
// looked after every hour. Runs in the writer. What is in them, and kept: see [Note: copies].
import { copyIfDue } from '../../catalogue/rebuild.ts'
import { isFault } from '../../wire/fault.ts'
import type { Fault } from '../../wire/fault.ts'

const LOOK_EVERY = 3600_000 // ms

/**
 * Makes copies when they are due, until the signal aborts.
 * @param onDamage told of damage that was met: no copy is made of what may be wrong
 */
export function keepCopies(
  library: string,
  onDamage: (fault: Fault) => void,
  signal: AbortSignal
): void {
  function look(): void {
    try {
      copyIfDue(library, Date.now())
    } catch (error) {
      if (!isFault(error)) throw error
      if (error.kind === 'library-damaged') onDamage(error)
      else console.error(`kindred: the catalogue is copied later: ${error.message}`)
    }
  }

  look()
  const timer = setInterval(look, LOOK_EVERY)
  signal.addEventListener('abort', () => clearInterval(timer))
}
