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
  const times = new Map<Provider, number>()
  for (const provider of running) {
    times.set(provider, await stepMilliseconds(method, bits, provider))
    note(`kindred: ${provider}: ${times.get(provider)!.toFixed(0)} ms for a small step`)
  }
  return running.reduce((a, b) => (times.get(b)! < times.get(a)! ? b : a))
}

function deviceFault(error: ProviderError): Fault {
  return new Fault({
    kind: 'device',
    subject: `--provider ${error.provider}`,
    expected: 'one that runs here',
    received: error.reason,
    remedy: 'Take --provider auto or cpu.'
  })
}
