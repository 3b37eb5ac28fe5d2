// Learning as the page knows it: where it is, the models that are kept, what the last one changed,
// and the devices that could compute. Runs in the page. The state of a run comes by itself; the
// rest is read when it is looked at.
import type { Arithmetic, ArithmeticState } from '../../main/wire/arithmetic.ts'
import type {
  Depth,
  Devices,
  KeptModel,
  KinComparison,
  Learning
} from '../../main/wire/learning-contract.ts'
import { Fault, isFault } from '../../main/wire/fault.ts'
import type { EngineLink } from './engine-link.svelte.ts'

/** Photos whose kin before and after are shown, one at a time, and how many kin of each. */
const COMPARED = 24
const COMPARED_KIN = 6

/** What is known about learning. */
export class Learner {
  #link: EngineLink
  #status = $state.raw<Learning | undefined>()
  #models = $state.raw<KeptModel[]>([])
  #comparisons = $state.raw<KinComparison[]>([])
  #devices = $state.raw<Devices | undefined>()
  #arithmetic = $state.raw<ArithmeticState | undefined>()
  #isMeasuring = $state(false)
  #fault = $state.raw<Fault | undefined>()

  constructor(link: EngineLink) {
    this.#link = link
    link.onConnect((client) => {
      client.on('learning', (status) => this.#note(status))
      void this.#attempt(async () => this.#note(await link.call('learning', {})))
    })
  }

  /** Nothing until the engine has told it once. */
  get status(): Learning | undefined {
    return this.#status
  }

  /** The kept models, the latest first. */
  get models(): KeptModel[] {
    return this.#models
  }

  /** The model that answers. */
  get serving(): KeptModel | undefined {
    return this.#models.find((model) => model.state === 'serving')
  }

  /** The same photos' kin by the former model and by the one that serves. */
  get comparisons(): KinComparison[] {
    return this.#comparisons
  }

  get devices(): Devices | undefined {
    return this.#devices
  }

  /** In which numbers photos are described; undefined until it was read. */
  get arithmetic(): ArithmeticState | undefined {
    return this.#arithmetic
  }

  get isMeasuring(): boolean {
    return this.#isMeasuring
  }

  /** Why something of this could not be read. */
  get fault(): Fault | undefined {
    return this.#fault
  }

  /** Reads the models, and what the one that serves changed. */
  read(): Promise<void> {
    return this.#attempt(async () => {
      const [{ models }, { comparisons }] = await Promise.all([
        this.#link.call('models', {}),
        this.#link.call('compareModels', { photos: COMPARED, top: COMPARED_KIN })
      ])
      this.#models = models
      this.#comparisons = comparisons
    })
  }

  readDevices(): Promise<void> {
    return this.#attempt(async () => {
      this.#devices = await this.#link.call('devices', {})
    })
  }

  /** Reads how photos are described. */
  readArithmetic(): Promise<void> {
    return this.#attempt(async () => {
      this.#arithmetic = await this.#link.call('arithmetic', {})
    })
  }

  /** Has all photos described anew. Rejects with a Fault. */
  async describeAnew(arithmetic: Arithmetic): Promise<void> {
    await this.#link.call('describeAnew', { arithmetic })
    await this.readArithmetic()
  }

  /** Measures the devices again. Rejects with a Fault. */
  async measure(): Promise<void> {
    if (this.#isMeasuring) return
    this.#isMeasuring = true
    try {
      this.#devices = await this.#link.call('measureDevices', {})
    } finally {
      this.#isMeasuring = false
    }
  }

  // Each of these rejects with a Fault when it cannot be done.
  async learn(depth: Depth): Promise<void> {
    await this.#link.call('learn', { depth })
  }

  async pause(): Promise<void> {
    await this.#link.call('pauseLearning', {})
  }

  async resume(): Promise<void> {
    await this.#link.call('resumeLearning', {})
  }

  async cancel(): Promise<void> {
    await this.#link.call('cancelLearning', {})
  }

  /** Lets an earlier model answer again. */
  async goBackTo(model: number): Promise<void> {
    await this.#link.call('rollback', { model })
    await this.read()
  }

  /** A run that is halted keeps on showing how far it was. */
  #note(status: Learning): void {
    const before = this.#status
    const isHalted = status.state === 'paused' || status.state === 'waiting'
    const isSameRun = JSON.stringify(before?.last) === JSON.stringify(status.last)
    if (!isHalted || !isSameRun || status.phase !== null || !before?.phase) {
      this.#status = status
      return
    }
    const { phase, depth, done, total, trial, trials, curve } = before
    this.#status = { ...status, phase, depth, done, total, trial, trials, curve }
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
      this.#fault = undefined
    } catch (error) {
      if (!isFault(error)) throw error
      this.#fault = error
    }
  }
}
