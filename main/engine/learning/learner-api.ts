// What the engine offers of learning: to the page's handlers, to the command line. Types only;
// `createLearner` in learner.ts makes one.
import type {
  Devices,
  KeptModel,
  KinComparison,
  LearnOptions,
  LearnResult,
  Learning
} from '../../wire/learning-contract.ts'
import type { Arithmetic, ArithmeticState } from '../../wire/arithmetic.ts'
import type { Session } from '../lines/compute-session.ts'

export interface Comparisons {
  before: number | null // models
  after: number | null
  comparisons: KinComparison[]
}

export interface Learner {
  /** Anything else wants to know: photos came, indexing rests, another model serves. */
  wake(): void
  /** What failed may be tried now, without waiting for its time. */
  goOn(): void
  /** Listeners are told soon. */
  tell(): void
  snapshot(): Learning
  /** Called at most five times a second; returns how to stop. */
  on(listener: (learning: Learning) => void): () => void
  /**
   * Learns now; goes on with an unfinished run of the same options, gives any other up. Resolves
   * when the run has ended. Throws Fault not-found (too few photos), cancelled, or what stopped it.
   */
  learn(options: LearnOptions): Promise<LearnResult>
  /** Gives the run up, or the way back to another model. */
  cancel(): void
  /** Nothing is learned until `resume`, also after a restart. */
  pause(): void
  resume(): void
  /** On battery nothing is learned, but what is asked for there. */
  power(onBattery: boolean): void
  /** The latest first. */
  models(): KeptModel[]
  /**
   * Lets a kept model serve again; an unfinished run is given up then. Throws Fault not-found,
   * bad-model, cancelled: all stays as it was.
   */
  rollback(model: number): Promise<void>
  /** In which numbers photos are described; waits for compute. */
  arithmetic(): Promise<ArithmeticState>
  /**
   * Has all photos described anew in others; an unfinished run is given up then. Throws Fault
   * bad-argument, device, cancelled: all stays as it was.
   */
  describeAnew(arithmetic: Arithmetic): Promise<void>
  compare(photos: number, top: number): Comparisons
  devices(): Devices
  measureDevices(): Promise<Devices>
  /** Makes a compute that was started fit for use: the fastest device runs its backbone. */
  prepare(session: Session): Promise<void>
  /** Ends work; the run goes on at the next start. */
  close(): Promise<void>
}
