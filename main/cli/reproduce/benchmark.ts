// The benchmark from its first epoch, or from where it was left, to its last: training, evaluations
// and checkpoints in turns. Plain Node; ONNX Runtime runs in this process.
import { setImmediate } from 'node:timers/promises'
import { openRun, type Pictures, type Run } from '../../../model/learning.ts'
import { Fault, cancelled, isFault } from '../../wire/fault.ts'
import { spokenDuration } from '../output.ts'
import { readCheckpoint, writeCheckpoint, type Settings } from './run-checkpoint.ts'
import { evaluateRun } from './evaluate-run.ts'
import { createForecast } from './forecast.ts'
import { withEpoch, type Epoch } from './loss-history.ts'

export interface Benchmark {
  settings: Settings
  /** Epochs between evaluations; the untrained network and the last are always evaluated. */
  evaluateEvery: number
  gallery: Pictures // trained on, without its labels
  queries: Pictures
  folder: string
  signal: AbortSignal
  progress(line: string): void
}

/**
 * Runs it and returns what is known of every epoch. When the signal is raised it writes a
 * checkpoint and throws a Fault `cancelled`.
 */
export async function runBenchmark(benchmark: Benchmark): Promise<readonly Epoch[]> {
  const { settings, gallery, folder } = benchmark
  const left = await readCheckpoint(folder, settings)
  const run = await openRun(settings, gallery, settings.provider, left)
  const course = new Course(benchmark, run, left?.history ?? [])
  try {
    return await course.toTheEnd()
  } catch (error) {
    if (isFault(error, 'cancelled')) await course.save()
    throw error
  } finally {
    await run.dispose()
  }
}

class Course {
  readonly #benchmark: Benchmark
  readonly #run: Run
  readonly #forecast = createForecast()
  #history: readonly Epoch[]
  #seconds = 0 // of this epoch's steps

  constructor(benchmark: Benchmark, run: Run, history: readonly Epoch[]) {
    this.#benchmark = benchmark
    this.#run = run
    this.#history = history
  }

  async toTheEnd(): Promise<readonly Epoch[]> {
    const { epochs } = this.#benchmark.settings
    for (;;) {
      const { epoch, step } = this.#run.place
      if (step === 0 && this.#lacksEvaluation(epoch)) await this.#evaluate(epoch)
      else if (epoch < epochs) await this.#step(epoch + 1, step + 1)
      else return this.#history
      await this.#giveWay()
    }
  }

  async save(): Promise<void> {
    const { settings, folder } = this.#benchmark
    const tensors = await this.#run.tensors()
    const { place } = this.#run
    await writeCheckpoint(folder, { settings, place, history: this.#history, tensors })
  }

  async #step(epoch: number, step: number): Promise<void> {
    const [run, { epochs }] = [this.#run, this.#benchmark.settings]
    const began = performance.now()
    const loss = await this.#forecast.timed('step', () => run.step())
    this.#seconds += (performance.now() - began) / 1000
    if (!Number.isFinite(loss ?? run.place.lossSum)) throw diverged(epoch, step)
    if (loss === undefined)
      return this.#tell(`epoch ${epoch} of ${epochs}, step ${step} of ${run.stepsPerEpoch}`)
    const seconds = Math.round(this.#seconds * 1000) / 1000
    this.#history = withEpoch(this.#history, { epoch, loss, seconds })
    this.#seconds = 0
    await this.save()
    this.#tell(`epoch ${epoch} of ${epochs}, loss ${loss.toFixed(4)}`)
  }

  async #evaluate(epoch: number): Promise<void> {
    const { settings, gallery, queries, progress } = this.#benchmark
    const [tensors, { place }] = [await this.#run.tensors(), this.#run]
    const evaluation = await this.#forecast.timed('evaluation', () =>
      evaluateRun({ settings, gallery, queries, place, tensors }, (line) => {
        progress(`epoch ${epoch}: ${line}`)
        return this.#giveWay()
      })
    )
    this.#history = withEpoch(this.#history, { epoch, evaluation })
    await this.save()
    this.#tell(`epoch ${epoch} of ${settings.epochs}, mAP ${evaluation.all.toFixed(4)}`)
  }

  /** Steps stop the thread: here Ctrl-C is heard. */
  async #giveWay(): Promise<void> {
    await setImmediate()
    if (this.#benchmark.signal.aborted) throw cancelled('reproduce')
  }

  #lacksEvaluation(epoch: number): boolean {
    const { settings, evaluateEvery } = this.#benchmark
    const isDue = epoch % evaluateEvery === 0 || epoch === settings.epochs
    return isDue && !this.#history.some((each) => each.epoch === epoch && each.evaluation)
  }

  #tell(line: string): void {
    const { epochs } = this.#benchmark.settings
    const { epoch, step } = this.#run.place
    let evaluation = 0
    for (let at = epoch; at <= epochs; at++) if (this.#lacksEvaluation(at)) evaluation++
    const left = { step: (epochs - epoch) * this.#run.stepsPerEpoch - step, evaluation }
    const seconds = this.#forecast.secondsLeft(left)
    this.#benchmark.progress(
      seconds === undefined ? line : `${line}, ${spokenDuration(seconds)} left`
    )
  }
}

/** The checkpoint stays that of before. */
function diverged(epoch: number, step: number): Fault {
  return new Fault({
    kind: 'bad-argument',
    subject: 'reproduce',
    expected: 'a loss that is a number (another --seed, --batch or --provider may have one)',
    received: `none at epoch ${epoch}, step ${step}; the last checkpoint is kept`
  })
}
