// What stops all work, for tests of single parts. Test code only.
import type { Catalogue } from '../../main/catalogue/catalogue.ts'
import { createStopper } from '../../main/engine/faults/stop.ts'
import type { Stopper } from '../../main/engine/faults/stop.ts'

/** A real one, that has no folders to write to: work goes on when its time has come. */
export function stopperOf(catalogue: Catalogue, onGoOn: () => void = () => undefined): Stopper {
  return createStopper({ catalogue, folders: [], onChange: (stop) => stop ?? onGoOn() })
}
