// One test on each execution provider that must pass it: cpu always, webgpu where there is an
// adapter, here perhaps a software one.
import test from 'node:test'
import { runsHere } from '../../model/runtime/session.ts'
import type { Provider } from '../../model/runtime/onnxruntime.ts'
import { useSoftwareDriver } from './webgpu.ts'

/**
 * Registers a test for cpu and one for webgpu, which says so where no adapter is found.
 * @param without why a provider is left out, or false
 */
export function testOnProviders(
  name: string,
  body: (provider: Provider) => Promise<void>,
  without: (provider: Provider) => string | false = () => false
): void {
  useSoftwareDriver()
  for (const provider of ['cpu', 'webgpu'] as const) {
    test(`${name}, on ${provider}`, async (t) => {
      const runs = await runsHere(provider)
      if (runs !== true) return t.skip(`no ${provider} here: ${runs.message}`)
      const reason = without(provider)
      if (reason) return t.skip(reason)
      await body(provider)
    })
  }
}
