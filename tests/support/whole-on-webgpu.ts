// Models that a device runs without the help of the processor: each op that goes back to it costs a
// copy there and back in every step. Test code only.
import test from 'node:test'
import { openSession, runsHere } from '../../model/runtime/session.ts'
import { useSoftwareDriver } from './webgpu.ts'

/** As `writeStep` gives it, or any model that carries nothing. */
export interface WholeModel {
  readonly model: Uint8Array
  readonly carry?: Readonly<Record<string, string>>
}

/**
 * Registers a test that webgpu takes every op of a model: ONNX Runtime says so when it opens it.
 * Skipped, with the reason, where there is no adapter.
 */
export function testWholeOnWebgpu(name: string, make: () => WholeModel): void {
  useSoftwareDriver()
  test(`${name}: no op goes back to the processor`, async (context) => {
    const runs = await runsHere('webgpu')
    if (runs !== true) return context.skip(`no webgpu here: ${runs.message}`)
    const { model, carry = {} } = make()
    const session = await openSession(model, { provider: 'webgpu', carry, cpuFallback: false })
    await session.dispose()
  })
}
