// The far end of the engine's line to compute, as far as a test wants it: real ports and messages,
// and answers that a test gives, faults among them. Test code only.
import { createComputeLink } from '../../main/engine/lines/compute-link.ts'
import type { ComputeLink, LinkOptions } from '../../main/engine/lines/compute-link.ts'
import { defineContract, serve } from '../../main/wire/channel.ts'
import type { Handlers, Server } from '../../main/wire/channel.ts'
import { computeContract } from '../../main/wire/compute-contract.ts'
import { portPair } from '../../main/wire/port.ts'
import { BACKBONE } from './library.ts'

const { openBackbones, setQuantizer, fit, encode, makeThumbnail, views, learnHead } =
  computeContract.methods
const { encodeProjected, renew, useProvider, measure } = computeContract.methods
const part = defineContract({
  name: computeContract.name,
  version: computeContract.version,
  methods: {
    openBackbones,
    setQuantizer,
    fit,
    encode,
    encodeProjected,
    makeThumbnail,
    views,
    learnHead,
    renew,
    useProvider,
    measure
  },
  events: {
    deviceLost: computeContract.events.deviceLost,
    checkpoint: computeContract.events.checkpoint
  }
})
export type Part = Handlers<typeof part>
/** The far end, to tell events. */
export type FarCompute = Server<typeof part>
export const MACHINE = 'this one'

/** A line to a compute that answers so; what is left out is a test's error. */
export function partCompute(
  answers: Partial<Part>,
  prepare: LinkOptions['prepare'] = () => Promise.resolve(),
  more: Partial<LinkOptions> = {}
): { link: ComputeLink; far: FarCompute; attachAnother(): FarCompute } {
  const link = createComputeLink({
    tuned: '/nowhere',
    prepare,
    onBegan: () => undefined,
    onState: () => undefined,
    ...more
  })
  const handlers: Part = {
    openBackbones: () => ({
      backbone: 'test',
      sha256: BACKBONE,
      shipped: [{ sha256: BACKBONE, arithmetic: 'float' as const, way: 'fastest' as const }],
      featureSize: 8,
      provider: 'cpu',
      machine: MACHINE
    }),
    setQuantizer: () => ({}),
    fit: unexpected,
    encode: unexpected,
    encodeProjected: unexpected,
    makeThumbnail: unexpected,
    views: unexpected,
    learnHead: unexpected,
    renew: unexpected,
    useProvider: unexpected,
    measure: unexpected,
    ...answers
  }
  function attachAnother(): FarCompute {
    const [near, farPort] = portPair()
    const far = serve(farPort, part, handlers)
    link.attach(near)
    return far
  }
  return { link, far: attachAnother(), attachAnother }
}

function unexpected(): never {
  throw new Error('this test does not ask for that')
}
