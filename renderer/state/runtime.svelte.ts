// What app says of the runtime that the page runs on. Runs in the page.
import * as v from 'valibot'
import { WindowMessage } from '../../main/wire/process-messages.ts'

/** The runtime below the page. */
export class Runtime {
  #isOld = $state(false)

  constructor(target: Window) {
    target.addEventListener('message', (event) => {
      const message = v.safeParse(WindowMessage, event.data)
      if (event.source !== target || !message.success) return
      if (message.output.type === 'test-runtime') this.#isOld = true
    })
  }

  /** It is the test runtime, whose Chromium is no longer kept safe. */
  get isOld(): boolean {
    return this.#isOld
  }
}
