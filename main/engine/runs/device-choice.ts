// What could compute, as measured, and which of it is used. Runs in the writer; compute measures.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { Fault, isFault } from '../../wire/fault.ts'
import type { Devices, LearnOptions, PROVIDERS } from '../../wire/learning-contract.ts'
import type { Session } from '../lines/compute-session.ts'
import { guarded } from '../faults/guarded.ts'

type Provider = (typeof PROVIDERS)[number]

export interface DeviceChoice {
  /** As last measured. */
  devices(): Devices
  /** What is to run the training: what was asked for, else the fastest; the processor at first. */
  providerFor(options: LearnOptions): Provider
  /** True until this machine, as it is now, was measured. */
  isStale(session: Session): boolean
  /** Measures all, keeps what came of it, and lets the fastest run the backbone. */
  measure(session: Session, signal: AbortSignal): Promise<Devices>
  /** Lets the fastest, as last measured, run the backbone of a compute that was started. */
  apply(session: Session): Promise<void>
  /** A device was lost in the middle: another one takes over. False when that is known already. */
  lose(fault: Fault): boolean
}

/**
 * Makes the choice from what is stored.
 * @param onFault what was lost could not be kept on record
 */
export function createDeviceChoice(
  catalogue: Catalogue,
  onFault: (fault: Fault) => void
): DeviceChoice {
  const lost = new Set<string>() // in this life

  function devices(): Devices {
    const stored = catalogue.settings.devices()
    return stored
      ? { devices: stored.devices, measuredAt: stored.measuredAt, note: stored.note }
      : { devices: [], measuredAt: null, note: null }
  }

  async function apply(session: Session): Promise<void> {
    session.on(
      'deviceLost',
      guarded(onFault, ({ provider, reason }) => {
        // Compute has gone on at once; it moves when it is next started, with nothing at work.
        session.backbone.provider = 'cpu'
        lose(lostDevice(provider, reason), () => 'cpu')
      })
    )
    await move(session)
  }

  /** To the fastest that is there; where none takes the backbone, it goes on where it was. */
  async function move(session: Session): Promise<void> {
    const provider = devices().devices.find((device) => device.chosen)?.provider ?? 'cpu'
    if (lost.has(provider) || isStale(session) || provider === session.backbone.provider) return
    try {
      const moved = await session.call('useProvider', { provider })
      session.backbone.provider = moved.provider
    } catch (error) {
      if (!isFault(error, 'device', 'bad-model')) throw error
      const lostIt = lostDevice(provider, error.record.received)
      if (lose(lostIt, () => fastest('photosPerSecond'))) await move(session)
    }
  }

  /** A step of deep training is the backbone, forth and back; the head's is a small thing. */
  function providerFor({ provider = 'auto', depth }: LearnOptions): Provider {
    if (provider !== 'auto' && !lost.has(provider)) return provider
    return fastest(depth === 'deep' ? 'photosPerSecond' : 'stepMilliseconds')
  }

  /** Of those that are there, by what was measured; the processor where nothing was. */
  function fastest(by: 'photosPerSecond' | 'stepMilliseconds'): Provider {
    const there = devices().devices.flatMap(({ provider, [by]: measured }) =>
      measured === null || lost.has(provider) ? [] : [{ provider, measured }]
    )
    const sign = by === 'photosPerSecond' ? -1 : 1 // the more the better, or the less
    return there.sort((a, b) => sign * (a.measured - b.measured))[0]?.provider ?? 'cpu'
  }

  function isStale({ backbone: { machine } }: Session): boolean {
    return catalogue.settings.devices()?.machine !== machine
  }

  return {
    devices,
    providerFor,
    isStale,
    async measure(session, signal) {
      const measured = await session.call('measure', {}, signal)
      const { machine } = session.backbone
      catalogue.settings.setDevices({
        ...measured,
        measuredAt: Date.now(),
        machine,
        note: null
      })
      lost.clear()
      await move(session)
      return devices()
    },
    apply,
    lose
  }

  /** `successor`: what goes on with the work that the device had; of training at first. */
  function lose(
    { record: { subject, received } }: Fault,
    successor: () => Provider = () => fastest('stepMilliseconds')
  ): boolean {
    if (subject === 'cpu' || lost.has(subject)) return false
    lost.add(subject)
    const stored = catalogue.settings.devices()
    const known = stored?.devices ?? []
    const wasChosen = known.some(({ provider, chosen }) => chosen && provider === subject)
    const next = fastest('photosPerSecond')
    const name = successor()
    catalogue.settings.setDevices({
      devices: wasChosen
        ? known.map((device) => ({ ...device, chosen: device.provider === next }))
        : known,
      measuredAt: stored?.measuredAt ?? null,
      machine: stored?.machine ?? '',
      note:
        `${subject} could not go on (${received}); ` +
        `${name === 'cpu' ? 'the processor' : name} took over.`
    })
    return true
  }
}

function lostDevice(provider: string, received: string): Fault {
  return new Fault({
    kind: 'device',
    subject: provider,
    expected: 'a device that goes on',
    received
  })
}
