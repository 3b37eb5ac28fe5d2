// The decoder window: hidden, fully sandboxed, the only place in the app where photo bytes are
// parsed for pixels. Gets a port to compute from the preload (a new one each time compute was
// started again) and answers decoderContract on it. Must not load, fetch or keep anything.
import * as v from 'valibot'
import { serve, type Server } from '../wire/channel.ts'
import { decoderContract, type DecoderContract } from '../wire/decoder-contract.ts'
import { portOfWeb } from '../wire/port.ts'
import { WindowMessage } from '../wire/process-messages.ts'
import { StepAside } from '../wire/step-aside.ts'
import { decodeWithChromium } from './chromium.ts'
import { largePicturesOfChromium } from './chromium-large.ts'
import { limitOf } from './limit.ts'

/**
 * Decoding runs in threads of Chromium, drawing in this one: a third photo fills what gaps there
 * are.
 */
const AT_ONCE = 3

const limit = limitOf(AT_ONCE)
const aside = new StepAside()
let server: Server<DecoderContract> | undefined

window.addEventListener('message', (event) => {
  const message = v.safeParse(WindowMessage, event.data)
  const port = event.ports[0]
  if (event.source !== window || !message.success || !port) return
  if (message.output.type !== 'port' || message.output.peer !== 'compute') return
  server?.close()
  server = serve(portOfWeb(port), decoderContract, {
    decode(request, signal) {
      if (request.isUrgent) return decodeWithChromium(request, signal)
      return limit(async () => {
        await aside.over(signal)
        return decodeWithChromium(request, signal)
      })
    },
    // Somebody waits for these.
    picture: async (...call) => ({ bytes: await largePicturesOfChromium.picture(...call) }),
    hold: async (...call) => (await largePicturesOfChromium.hold(...call), {}),
    part: async (...call) => ({ bytes: await largePicturesOfChromium.part(...call) }),
    stepAside: () => (aside.begin(), {})
  })
})
