// What may wait until something more urgent is done, such as the answer to a click. Runs in the
// page; made where a component is.

/** Becomes due some time after it is wanted; it is no longer due when it is not wanted any more. */
export class Later {
  #isDue = $state(false)

  /** @param wait ms from now on; undefined while it is not wanted. Asked again when it changes. */
  constructor(wait: () => number | undefined) {
    $effect(() => {
      const milliseconds = wait()
      if (milliseconds === undefined) return void (this.#isDue = false)
      const timer = setTimeout(() => (this.#isDue = true), milliseconds)
      return () => clearTimeout(timer)
    })
  }

  get isDue(): boolean {
    return this.#isDue
  }
}
