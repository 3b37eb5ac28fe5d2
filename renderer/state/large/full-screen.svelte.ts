// Whether the window fills the screen: then nothing is shown but what is looked at. Runs in the
// page. App says so, whoever asked for it: the page, the menu or the system.
import * as v from 'valibot'
import { WindowMessage } from '../../../main/wire/process-messages.ts'

/** The window on the screen. */
export class FullScreen {
  #isOn = $state(false)

  constructor(target: Window) {
    target.addEventListener('message', (event) => {
      const message = v.safeParse(WindowMessage, event.data)
      if (event.source !== target || !message.success) return
      if (message.output.type === 'full-screen') this.#isOn = message.output.isOn
    })
  }

  get isOn(): boolean {
    return this.#isOn
  }

  toggle(): void {
    void window.kindred?.setFullScreen(!this.#isOn)
  }

  leave(): void {
    void window.kindred?.setFullScreen(false)
  }
}
