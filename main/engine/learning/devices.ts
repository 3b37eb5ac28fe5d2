// What could compute, as measured, and which of it is used. Runs in the engine; compute measures.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { Fault, isFault } from '../../wire/fault.ts'
import type { Devices, LearnOptions, PROVIDERS } from '../../wire/learning-contract.ts'
import type { Session } from '../compute-link.ts'

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
  /** A device was lost in the middle: another one takes over. False when there is none. */
  lose(fault: Fault): boolean
}

/** Makes the choice from what is stored. */
export function createDeviceChoice(catalogue: Catalogue): DeviceChoice {
  const lost = new Set<string>() // in this life

  function devices(): Devices {
    const stored = catalogue.settings.devices()
    return stored
      ? { devices: stored.devices, measuredAt: stored.measuredAt, note: stored.note }
      : { devices: [], measuredAt: null, note: null }
  }

  async function apply(session: Session): Promise<void> {
    session.on('deviceLost', ({ provider, reason }) => {
      session.backbone.provider = 'cpu'
      lose(lostDevice(provider, reason))
    })
    const provider = devices().devices.find((device) => device.chosen)?.provider ?? 'cpu'
    if (lost.has(provider) || isStale(session) || provider === session.backbone.provider) return
    try {
      const moved = await session.call('useProvider', { provider })
      session.backbone.provider = moved.provider
    } catch (error) {
      if (!isFault(error, 'device', 'bad-model')) throw error
      lose(lostDevice(provider, error.record.received)) // it goes on where it was
    }
  }

  function isStale({ backbone: { machine } }: Session): boolean {
    return catalogue.settings.devices()?.fingerprint !== machine
  }

  return {
    devices,
    providerFor({ provider = 'auto' }) {
      if (provider !== 'auto' && !lost.has(provider)) return provider
      const steps = devices().devices.flatMap(({ provider, stepMilliseconds }) =>
        stepMilliseconds === null || lost.has(provider) ? [] : [{ provider, stepMilliseconds }]
      )
      return steps.sort((a, b) => a.stepMilliseconds - b.stepMilliseconds)[0]?.provider ?? 'cpu'
    },
    isStale,
    async measure(session, signal) {
      const measured = await session.call('measure', {}, signal)
      const fingerprint = session.backbone.machine
      catalogue.settings.setDevices({
        ...measured,
        measuredAt: Date.now(),
        fingerprint,
        note: null
      })
      lost.clear()
      await apply(session)
      return devices()
    },
    apply,
    lose
  }

  function lose({ record: { subject, received } }: Fault): boolean {
    if (subject === 'cpu' || lost.has(subject)) return false
    lost.add(subject)
    const stored = catalogue.settings.devices()
    const chosen = stored?.devices.map((device) => ({
      ...device,
      chosen: device.provider === 'cpu'
    }))
    catalogue.settings.setDevices({
      devices: chosen ?? [],
      measuredAt: stored?.measuredAt ?? null,
      fingerprint: stored?.fingerprint ?? '',
      note: `${subject} could not go on (${received}); the processor took over.`
    })
    return true
  }
}

function lostDevice(provider: string, received: string): Fault {
  return new Fault({
    kind: 'device',
    subject: provider,
    expected: 'a device that goes on',
    received,
    remedy: 'The processor takes over.'
  })
}
