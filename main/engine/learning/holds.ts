// What keeps learning from going on by itself: the person paused it, or the power is a battery's.
// Runs in the writer.
import type { SettingsTable } from '../../catalogue/settings-table.ts'

/** What holds a run. */
export class Holds {
  readonly #settings: SettingsTable
  #isPaused: boolean
  #onBattery = false
  /** Asked for on battery: it may go on there until the next mains power. */
  #evenOnBattery = false

  constructor(settings: SettingsTable) {
    this.#settings = settings
    this.#isPaused = settings.learningPaused()
  }

  get isPaused(): boolean {
    return this.#isPaused
  }

  get waitsForPower(): boolean {
    return this.#onBattery && !this.#evenOnBattery
  }

  /** Remembered; holds in this life where it cannot be written: then it throws that Fault. */
  pause(paused: boolean): void {
    this.#isPaused = paused
    this.#settings.setLearningPaused(paused)
  }

  setPower(onBattery: boolean): void {
    this.#onBattery = onBattery
    if (!onBattery) this.#evenOnBattery = false
  }

  /** A run is asked for: it is not paused any more, and may use the battery. */
  lift(): void {
    this.#evenOnBattery = this.#onBattery
    this.pause(false)
  }
}
