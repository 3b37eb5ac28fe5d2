// How fast a provider runs the benchmark's step. Runs where sessions run.
import type { Provider } from '../../runtime/onnxruntime.ts'
import { PICTURE } from './labelled-pictures.ts'
import type { Bits, Method } from './recipe.ts'
import { openRun } from './run.ts'

/** Pictures of the step that is timed: few, so that a slow provider is found out soon. */
const BATCH = 2

/**
 * Milliseconds of a small step of the real network, the second one after its model is loaded.
 * @throws Error when the provider cannot run it, RangeError when it gives a loss that is no number
 */
export async function stepMilliseconds(
  method: Method,
  bits: Bits,
  provider: Provider
): Promise<number> {
  const pictures = { pixels: new Uint8Array(BATCH * PICTURE), labels: new Uint16Array(BATCH) }
  pictures.pixels.forEach((_, i) => (pictures.pixels[i] = Math.imul(i, 2654435761) >>> 24))
  const settings = { method, bits, epochs: 2, batch: BATCH, seed: 1 }
  const run = await openRun(settings, pictures, provider)
  try {
    await run.step()
    const began = performance.now()
    const loss = await run.step()
    const took = performance.now() - began
    if (loss === undefined || !Number.isFinite(loss))
      throw new RangeError(`a step on ${provider}: expected a loss that is a number, got ${loss}`)
    return took
  } finally {
    await run.dispose()
  }
}
