// What could compute, as measured, and which of it is used. Runs in the engine; compute measures.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Fault } from '../../wire/fault.ts'
import type { Devices, LearnOptions, PROVIDERS } from '../../wire/learning-contract.ts'

type Provider = (typeof PROVIDERS)[number]

export interface DeviceChoice {
  /** As last measured. */
  devices(): Devices
  /** What is to run the training: what was asked for, else the fastest; the processor at first. */
  providerFor(options: LearnOptions): Provider
  /** A device was lost in the middle: another one takes over. False when there is none. */
  lose(fault: Fault): boolean
}

/** Makes the choice from what is stored. */
export function createDeviceChoice(catalogue: Catalogue): DeviceChoice {
  let isLost = false

  function devices(): Devices {
    const stored = catalogue.settings.devices()
    return stored
      ? { devices: stored.devices, measuredAt: stored.measuredAt, note: stored.note }
      : { devices: [], measuredAt: null, note: null }
  }

  return {
    devices,
    providerFor({ provider = 'auto' }) {
      if (isLost) return 'cpu'
      if (provider !== 'auto') return provider
      return devices().devices.find((device) => device.chosen)?.provider ?? 'cpu'
    },
    lose({ record: { subject, received } }) {
      if (subject === 'cpu' || isLost) return false
      isLost = true
      const stored = catalogue.settings.devices()
      const note = `${subject} was lost while it learned (${received}); the processor took over.`
      const chosen = stored?.devices.map((device) => ({
        ...device,
        chosen: device.provider === 'cpu'
      }))
      catalogue.settings.setDevices({
        devices: chosen ?? [],
        measuredAt: stored?.measuredAt ?? null,
        fingerprint: stored?.fingerprint ?? '',
        note
      })
      return true
    }
  }
}
