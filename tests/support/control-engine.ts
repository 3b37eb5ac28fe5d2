// The engine's end of app's line, over a real port, with what a test answers. Test code only.
import type { Control } from '../../main/app/control.ts'
import { serve, type Handlers, type Server } from '../../main/wire/channel.ts'
import { engineControlContract } from '../../main/wire/engine-contract.ts'
import type { EngineControlContract } from '../../main/wire/engine-contract.ts'
import { Fault } from '../../main/wire/fault.ts'
import { portPair } from '../../main/wire/port.ts'

/** Hands a new line over; what the test does not answer itself has an empty answer. */
export function handOver(
  control: Control,
  handlers: Partial<Handlers<EngineControlContract>>
): Server<EngineControlContract> {
  const [ours, theirs] = portPair()
  const server = serve(theirs, engineControlContract, {
    addFolder: () => ({ id: 1 }),
    locateFolder: () => ({}),
    power: () => ({}),
    computeRefused: () => ({}),
    remakeThumbnail: () => ({ made: false }),
    files: () => ({ photos: [] }),
    lastCopies: () => ({ ids: [] }),
    unprotected: ({ ids }) => ({ ids }),
    transfer: () => ({ files: [] }),
    putBack: () => ({}),
    follow: () => ({}),
    large: () => {
      const [expected, received] = ['a photo', 'none']
      throw new Fault({ kind: 'not-found', subject: 'large', expected, received })
    },
    part: () => ({ bytes: new Uint8Array() }),
    close: () => ({}),
    ...handlers
  })
  control.handOver(ours)
  return server
}
