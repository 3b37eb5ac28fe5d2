// The few things remembered between starts that belong to no row: each has its name and its type
// here.
import * as v from 'valibot'
import { FaultRecord } from '../wire/fault.ts'
import { Bits, Devices } from '../wire/learning-contract.ts'
import { Rebuilt } from '../wire/rebuilt.ts'
import type { Database } from './database.ts'
import { storedJsonOrNull } from './stored-json.ts'

const LearnedUntil = v.object({
  at: v.number(), // ms since 1970
  photos: v.number() // indexed then
})
export type LearnedUntil = v.InferOutput<typeof LearnedUntil>

/** `machine` is what tells that it is another; libraries call it `fingerprint`. */
const MeasuredDevices = v.pipe(
  v.object({ ...Devices.entries, fingerprint: v.string() }),
  v.transform(({ fingerprint: machine, ...devices }) => ({ ...devices, machine }))
)
export type MeasuredDevices = v.InferOutput<typeof MeasuredDevices>

const Stop = v.object({
  fault: FaultRecord,
  attempts: v.number(), // in vain, in a row
  retryAt: v.number() // ms since 1970
})
/** What keeps all photos from being indexed, or a run of learning from going on. */
export type Stop = v.InferOutput<typeof Stop>

const DescribesAnew = v.object({
  backbone: v.string(), // sha-256
  from: v.nullable(v.number()), // the model that serves meanwhile; null: none
  model: v.nullable(v.number()) // the same for the other backbone, which is to serve
})
export type DescribesAnew = v.InferOutput<typeof DescribesAnew>

export type SettingsTable = ReturnType<typeof settingsTable>

/** The statements of settings. */
export function settingsTable(database: Database) {
  const read = database.query(
    'SELECT value FROM settings WHERE name = $name',
    v.object({ value: v.string() })
  )
  const write = database.command(
    `INSERT INTO settings (name, value) VALUES ($name, $value)
     ON CONFLICT (name) DO UPDATE SET value = $value`
  )
  /** A value of more than one part; what cannot be read counts as none. */
  function stored<T>(name: string, schema: v.GenericSchema<unknown, T>): T | undefined {
    return v.parse(storedJsonOrNull(schema), read.get({ name })?.value ?? null) ?? undefined
  }

  return {
    /** True while the person wants indexing to rest. */
    paused: () => read.get({ name: 'paused' })?.value === 'yes',
    setPaused: (paused: boolean) =>
      void write.run({ name: 'paused', value: paused ? 'yes' : 'no' }),
    /** True while the person wants nothing to be learned. */
    learningPaused: () => read.get({ name: 'learning-paused' })?.value === 'yes',
    setLearningPaused: (paused: boolean) =>
      void write.run({ name: 'learning-paused', value: paused ? 'yes' : 'no' }),
    /** What kept all photos from being indexed when the library was last open. */
    stop: (): Stop | undefined => stored('stop', Stop),
    setStop: (stop: Stop | undefined) =>
      void write.run({ name: 'stop', value: JSON.stringify(stop ?? null) }),
    /** What a run of learning failed of the last time, in a row with those before. */
    learningStop: (): Stop | undefined => stored('learning-stop', Stop),
    setLearningStop: (stop: Stop | undefined) =>
      void write.run({ name: 'learning-stop', value: JSON.stringify(stop ?? null) }),
    /** Up to when, and from how many photos, was learned; or when it was declined. */
    learnedUntil: (): LearnedUntil | undefined => stored('learned-until', LearnedUntil),
    setLearnedUntil: (until: LearnedUntil) =>
      void write.run({ name: 'learned-until', value: JSON.stringify(until) }),
    /** Bits of a code, as a person chose them last. */
    bits: () => stored('bits', Bits),
    setBits: (bits: Bits) => void write.run({ name: 'bits', value: JSON.stringify(bits) }),
    /** What could compute, as measured last, and on what machine. */
    devices: (): MeasuredDevices | undefined => stored('devices', MeasuredDevices),
    setDevices({ machine, ...measured }: MeasuredDevices): void {
      const value = JSON.stringify({ ...measured, fingerprint: machine })
      write.run({ name: 'devices', value })
    },
    /** That the catalogue was replaced, until a person has read it. */
    rebuilt: (): Rebuilt | undefined => stored('rebuilt', Rebuilt),
    setRebuilt: (rebuilt: Rebuilt | undefined) =>
      void write.run({ name: 'rebuilt', value: JSON.stringify(rebuilt ?? null) }),
    /** The rules and the time zone by which times of files became dates; '' before. */
    clock: () => read.get({ name: 'clock' })?.value ?? '',
    setClock: (clock: string) => void write.run({ name: 'clock', value: clock }),
    /** sha-256 of the shipped backbone by which the library is described; '' before any was. */
    backbone: () => read.get({ name: 'backbone' })?.value ?? '',
    setBackbone: (sha256: string) => void write.run({ name: 'backbone', value: sha256 }),
    /** That photos are being described anew by another shipped backbone. */
    describesAnew: (): DescribesAnew | undefined => stored('describes-anew', DescribesAnew),
    setDescribesAnew: (what: DescribesAnew | undefined) =>
      void write.run({ name: 'describes-anew', value: JSON.stringify(what ?? null) }),
    /** When thumbnails that nothing refers to were last removed, ms since 1970 (0: never). */
    sweptAt: () => Number(read.get({ name: 'swept-at' })?.value ?? 0),
    setSweptAt: (time: number) => void write.run({ name: 'swept-at', value: String(time) })
  }
}
