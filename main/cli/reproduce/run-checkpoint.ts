// A run of the benchmark on disk: one file that holds all it needs to go on, written so that its
// name never stands for half of it; the log and the plot are made from it. Plain Node.
import { constants, existsSync } from 'node:fs'
import { access, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import {
  BITS,
  METHODS,
  PROVIDERS,
  SafetensorsError,
  decodeSafetensors,
  encodeSafetensors,
  type Place,
  type RunTensors
} from '../../../model/learning.ts'
import { writeWhole } from '../../compute/files.ts'
import { Fault } from '../../wire/fault.ts'
import { systemFault } from '../../wire/system-fault.ts'
import { Epoch, lossesOf, logOf, valuesOf } from './loss-history.ts'
import { plot } from './plot.ts'

const FILE = 'checkpoint.safetensors'
const VERSION = '1'

const whole = v.pipe(v.number(), v.integer(), v.minValue(0))

/** What must be equal for a run to go on. */
export const Settings = v.object({
  method: v.picklist(METHODS),
  bits: v.picklist(BITS),
  epochs: whole,
  batch: whole,
  seed: whole,
  images: whole, // in training, and in the gallery
  queries: whole,
  ranking: v.picklist(['plain', 'squared']),
  provider: v.picklist(PROVIDERS), // two providers do not round alike
  narrower: v.optional(whole, 1),
  data: v.string() // SHA-256 of pixels and labels
})
export type Settings = v.InferOutput<typeof Settings>

const Notes = v.object({
  version: v.literal(VERSION),
  settings: v.pipe(v.string(), v.parseJson(), Settings),
  place: v.pipe(
    v.string(),
    v.parseJson(),
    v.object({ epoch: whole, step: whole, lossSum: v.number() })
  ),
  history: v.pipe(v.string(), v.parseJson(), v.array(Epoch))
})

export interface Checkpoint {
  settings: Settings
  place: Place
  history: readonly Epoch[]
  tensors: RunTensors
}

/** Whether a folder holds a checkpoint. */
export function hasCheckpoint(folder: string): boolean {
  return existsSync(join(folder, FILE))
}

/** Makes the folder of a run. Throws a Fault where nothing can be written. */
export async function writableFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
  } catch (error) {
    throw systemFault(error, 'folder', `--out ${folder}`, 'a folder that can be written to')
  }
}

/** What ran the steps of the run in a folder; undefined where there is none. */
export async function providerOf(folder: string): Promise<Settings['provider'] | undefined> {
  if (!hasCheckpoint(folder)) return undefined
  return decoded(await readFile(join(folder, FILE))).settings.provider
}

/**
 * The checkpoint of a folder; undefined where there is none. Throws Fault bad-argument for one of
 * other settings, or one that is damaged.
 */
export async function readCheckpoint(
  folder: string,
  asked: Settings
): Promise<Checkpoint | undefined> {
  if (!hasCheckpoint(folder)) return undefined
  const checkpoint = decoded(await readFile(join(folder, FILE)))
  const { settings } = checkpoint
  const names = Object.keys(Settings.entries) as (keyof Settings)[]
  const other = names.filter((name) => settings[name] !== asked[name])
  if (other.length > 0) {
    const said = (of: Settings): string => other.map((name) => `${name} ${of[name]}`).join(', ')
    throw new Fault({
      kind: 'bad-argument',
      subject: '--out',
      expected: `the settings of the run that lies there (${said(settings)}), or another folder`,
      received: said(asked)
    })
  }
  return checkpoint
}

function decoded(bytes: Uint8Array): Checkpoint {
  try {
    const { notes, tensors } = decodeSafetensors(bytes)
    const { settings, place, history } = v.parse(Notes, notes)
    return { settings, place, history, tensors }
  } catch (error) {
    if (!(error instanceof SafetensorsError || error instanceof v.ValiError)) throw error
    throw new Fault({
      kind: 'bad-argument',
      subject: FILE,
      expected: 'a whole checkpoint, or none to begin anew',
      received: error.message
    })
  }
}

/** Writes the checkpoint, then the log and the plot that follow from it. */
export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  const { settings, place, history, tensors } = checkpoint
  const notes = {
    version: VERSION,
    settings: JSON.stringify(settings),
    place: JSON.stringify(place),
    history: JSON.stringify(history)
  }
  await writeWhole(join(folder, FILE), encodeSafetensors({ tensors, notes }))
  await writeWhole(join(folder, 'log.jsonl'), logOf(history))
  await writeWhole(join(folder, 'plot.svg'), plotOf(settings, history))
}

function plotOf({ method, bits, images, epochs }: Settings, history: readonly Epoch[]): string {
  const losses = lossesOf(history).map((value, i) => ({ epoch: i + 1, value }))
  return plot(`${method.toUpperCase()}, ${bits} bits, ${images} pictures`, epochs, [
    { name: 'loss', colour: '#b5541c', points: losses, side: 'left' },
    { name: 'mAP@1000', colour: '#1c5fb5', points: valuesOf(history), side: 'right' }
  ])
}
