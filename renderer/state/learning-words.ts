// Learning in words that a photographer understands: states, phases, models, devices, results.
// Pure; runs in the page.
import type {
  Device,
  KeptModel,
  LearnPhase,
  LearnResult,
  Learning
} from '../../main/wire/learning-contract.ts'
import type { ModelInfo } from '../../main/wire/engine-records.ts'
import { count, number, percent, timeLeft } from './words.ts'

/** A phase of a run and what it does. */
export interface Phase {
  phase: LearnPhase
  name: string
  words: string
}

const VALIDATION = {
  phase: 'validation',
  name: 'Prove',
  words: 'Checking on photos that were kept aside'
} as const

const HEAD_PHASES: readonly Phase[] = [
  { phase: 'views', name: 'Look', words: 'Looking at your photos once more, from many sides' },
  { phase: 'graph', name: 'Relate', words: 'Finding which photos belong together' },
  { phase: 'training', name: 'Learn', words: 'Learning what makes them alike' },
  VALIDATION,
  { phase: 'encoding', name: 'Renew', words: 'Writing the new code of every photo' }
]

const DEEP_PHASES: readonly Phase[] = [
  { phase: 'start', name: 'Prepare', words: 'Learning a model to begin with' },
  { phase: 'training', name: 'Learn', words: 'Training the image model itself on your photos' },
  { phase: 'features', name: 'Look', words: 'Looking at your photos with what it has learned' },
  VALIDATION,
  { phase: 'renewal', name: 'Renew', words: 'Renewing features: every photo is described anew' },
  { phase: 'encoding', name: 'Write', words: 'Writing the new code of every photo' }
]

/** Phases of the way back to an earlier model: photos that it has not described or encoded yet. */
const PHASES_BACK = DEEP_PHASES.slice(-2)

/** The phases of a run, or of the way back, in their order. */
export function phasesOf({ state, depth }: Pick<Learning, 'state' | 'depth'>): readonly Phase[] {
  if (state === 'returning') return PHASES_BACK
  return depth === 'deep' ? DEEP_PHASES : HEAD_PHASES
}

const DEVICE_NAMES: Record<Device['provider'], string> = {
  cpu: 'Processor (CPU)',
  webgpu: 'Graphics card (WebGPU)',
  cuda: 'NVIDIA graphics card (CUDA)',
  dml: 'Graphics card (DirectML)',
  coreml: 'Apple chip (Core ML)'
}

/** What a device is called; a name of its own is shown as it is. */
export function deviceName(provider: string): string {
  const names: Record<string, string> = DEVICE_NAMES
  return names[provider] ?? provider
}

/** The device inside a sentence: "the processor". */
export function deviceInSentence(provider: string): string {
  if (provider === 'cpu') return 'the processor'
  return provider in DEVICE_NAMES ? 'the graphics card' : provider
}

/** What learning does now, as the heading of its card. */
export function learningTitle(status: Learning): string {
  if (status.state === 'returning')
    return status.anew ? 'Describing your photos anew' : 'Going back to an earlier model'
  if (isHalted(status)) return 'Learning is paused'
  if (status.trouble && status.state !== 'running') return 'Learning was interrupted'
  if (status.state === 'waiting') return waiting(status)
  if (status.state === 'running')
    return status.depth === 'deep'
      ? 'Learning deeply from your photos'
      : 'Learning from your photos'
  return status.photos < status.photosNeeded
    ? 'Too few photos to learn from'
    : 'Nothing to learn now'
}

/** What goes on or what is waited for, as a sentence or two. */
export function learningDetail(status: Learning): string {
  const missing = status.photosNeeded - status.photos
  if (status.state === 'returning') return wordsOf(status)
  if (isHalted(status)) return 'It goes on when you resume it, from where it stopped.'
  if (status.trouble && status.state !== 'running') return 'It is tried again by itself.'
  if (status.state === 'waiting')
    return 'It begins by itself. You can go on using Kindred meanwhile.'
  if (status.state === 'running')
    return wordsOf(status)
  if (missing > 0)
    return (
      `Kindred learns once ${count(status.photosNeeded, 'photo')} are indexed: ` +
      `${number(missing)} more.`
    )
  const more = status.newPhotosNeeded - status.newPhotos
  return more > 0
    ? `It learns again by itself when ${count(more, 'more photo has', 'more photos have')} come.`
    : 'It begins by itself soon.'
}

function wordsOf(status: Learning): string {
  const phase = shownPhase(status)
  return phasesOf(status).find((one) => one.phase === phase)?.words ?? 'Getting ready'
}

/** Halted by the user; too few photos are told first, for they are what is missing. */
function isHalted(status: Learning): boolean {
  if (status.state === 'off' && status.photos < status.photosNeeded) return false
  return status.state === 'paused' || status.halted === true
}

function waiting({ waitsFor }: Learning): string {
  switch (waitsFor) {
    case 'indexing':
      return 'Learning waits until all photos are indexed'
    case 'mains-power':
      return 'Learning waits until the computer is plugged in'
    default:
      return 'Learning is about to begin'
  }
}

/**
 * The phase that is shown as going on: each attempt is checked as soon as it is made, which is no
 * new phase of the run until the last; all that comes before deep training prepares it.
 */
export function shownPhase({ depth, phase, trial, trials }: Learning): LearnPhase | null {
  if (phase === 'validation' && trial + 1 < trials) return 'training'
  return depth === 'deep' && phase === 'views' ? 'start' : phase
}

/** How far the phase that is shown is, 0..1. */
export function phaseShare(status: Learning): number {
  return status.total > 0 ? Math.min(1, status.done / status.total) : 0
}

/** How far a run is, how long it takes and which attempt it is at, as far as they are known. */
export function learningProgress(status: Learning): string[] {
  const left = status.secondsLeft === null ? '' : timeLeft(status.secondsLeft)
  const isTrying = status.phase === 'training' || status.phase === 'validation'
  const trial =
    isTrying && status.trials > 1 ? `attempt ${status.trial + 1} of ${status.trials}` : ''
  return [amount(status), left, trial].filter(Boolean)
}

function amount({ phase, done, total }: Learning): string {
  // What is checked are attempts, which are told anyway.
  if (total === 0 || phase === 'validation') return ''
  return `${number(done)} of ${count(total, phase === 'training' || phase === 'start' ? 'step' : 'photo')}`
}

/** The one line that the bar at the foot of the window shows while learning runs. */
export function learningLine(status: Learning): string {
  const left = status.secondsLeft === null ? [] : [timeLeft(status.secondsLeft)]
  return [learningTitle(status), ...left].join(', ')
}

/** What a model is, in a sentence. */
export function modelSentence(model: ModelInfo | KeptModel, at: string): string {
  const photos = count(model.fittedOn, 'photo')
  return model.kind === 'learned'
    ? `Kindred learned what is alike from ${photos} of yours, on ${at}.`
    : `Kindred compares your photos with its general sense of likeness, fitted to ${photos} of yours on ${at}. It has not learned from them yet.`
}

/** A model's name in the list. */
export function modelName(model: KeptModel): string {
  if (model.kind === 'first') return 'General model'
  return model.depth === 'deep' ? 'Learned deeply' : 'Learned'
}

/** How a run ended: a heading. */
export function resultTitle(result: LearnResult): string {
  return result.kept ? 'The new model is in use' : 'The model stayed as it was'
}

/** "62 % before, 81 % after". */
export function scores(before: number, after: number): string {
  return `${percent(before)} before, ${percent(after)} after`
}

/** A difference of scores in points: "+6.2", "-0.4", "0.0". */
export function points(share: number): string {
  const value = (share * 100).toFixed(1)
  return Number(value) === 0 ? '0.0' : `${share > 0 ? '+' : ''}${value}`
}

/** A duration as one speaks of it: "40 seconds", "3 minutes", "2 hours". */
export function duration(seconds: number): string {
  if (seconds < 90) return count(Math.max(1, Math.round(seconds)), 'second')
  if (seconds < 90 * 60) return count(Math.round(seconds / 60), 'minute')
  return count(Math.round(seconds / 3600), 'hour')
}

/** Below this, in seconds, deep training is offered beside the quick one. */
const OFFERED_BELOW = 3600

/** Whether deep training is so quick here that it is offered to everyone. */
export function isDeepQuick({ deepSeconds }: Learning): boolean {
  return deepSeconds !== null && deepSeconds < OFFERED_BELOW
}

/** What deep training does and takes, before it is begun. */
export function deepSentence({ deepSeconds }: Learning): string {
  const takes =
    deepSeconds === null
      ? 'How long that takes here is known once the devices were measured'
      : `Here that takes about ${duration(deepSeconds)}`
  return (
    'The last part of the image model itself is trained on your photos too, not only what is ' +
    `built on it; then every photo is described anew. ${takes}. You can go on using Kindred ` +
    'meanwhile, halt it and go on later. What it has learned is used only if it proves better.'
  )
}
