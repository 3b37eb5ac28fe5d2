// Which execution provider runs the benchmark: the one that is asked for, if it runs here, or the
// fastest on a small step of the real network. Plain Node.
import {
  ProviderError,
  builtInProviders,
  runsHere,
  stepMilliseconds,
  type Bits,
  type Method,
  type Provider
} from '../../../model/learning.ts'
import { Fault } from '../../wire/fault.ts'

/** A provider that runs here. Throws a Fault `device` when the one asked for does not. */
export async function providerFor(
  asked: Provider | 'auto',
  method: Method,
  bits: Bits,
  note: (line: string) => void
): Promise<Provider> {
  if (asked !== 'auto') {
    const runs = await runsHere(asked)
    if (runs !== true) throw deviceFault(runs)
    return asked
  }
  const running: Provider[] = []
  for (const provider of await builtInProviders())
    if ((await runsHere(provider)) === true) running.push(provider)
  if (running.length === 1) return running[0]!
  return fastestOf(running, (provider) => stepMilliseconds(method, bits, provider), note)
}

/**
 * The provider that takes the least time. One that fails at it, though a smaller model runs, is
 * noted and left out; but for the cpu, whose error is thrown: nothing else would run.
 */
export async function fastestOf(
  running: readonly Provider[],
  milliseconds: (provider: Provider) => Promise<number>,
  note: (line: string) => void
): Promise<Provider> {
  let fastest: Provider = 'cpu'
  let least = Infinity
  for (const provider of running) {
    try {
      const took = await milliseconds(provider)
      note(`kindred: ${provider}: ${took.toFixed(0)} ms for a small step`)
      if (took < least) [fastest, least] = [provider, took]
    } catch (error) {
      if (provider === 'cpu') throw error
      const [reason] = (error instanceof Error ? error.message : String(error)).split('\n')
      note(`kindred: ${provider}: left out, it fails at a small step: ${reason}`)
    }
  }
  return fastest
}

function deviceFault(error: ProviderError): Fault {
  return new Fault({
    kind: 'bad-argument',
    subject: `--provider ${error.provider}`,
    expected: 'one that runs here, as auto or cpu do',
    received: error.reason
  })
}
