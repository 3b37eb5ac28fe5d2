// Sessions of small models that are asked for again and again: opened once, used by all, and freed
// when nobody has wanted them for a while. Runs where sessions run.
import { openSession } from './session.ts'
import type { Session } from './session.ts'
import type { Provider } from './onnxruntime.ts'

export interface KeptOptions {
  provider?: Provider
  threads?: number
}

/** Without use for so long, ms, a session is freed: it holds the memory of its largest run. */
const REST_AFTER = 2000

interface Kept {
  session: Promise<Session>
  users: number
  rest: NodeJS.Timeout | undefined
}

const kept = new Map<string, Kept>()

/**
 * Uses the session of a model, which is opened if there is none.
 * @param name says which model it is, whatever the options
 */
export async function withSession<T>(
  name: string,
  model: () => Uint8Array,
  options: KeptOptions,
  use: (session: Session) => Promise<T>
): Promise<T> {
  const { provider = 'cpu', threads = 0 } = options
  const key = JSON.stringify([name, provider, threads])
  const held = kept.get(key) ?? opened(model(), options)
  kept.set(key, held)
  clearTimeout(held.rest)
  held.users++
  let isOpen = false
  try {
    const session = await held.session
    isOpen = true
    return await use(session)
  } finally {
    held.users--
    if (!isOpen && kept.get(key) === held) kept.delete(key)
    if (isOpen && held.users === 0)
      held.rest = setTimeout(() => void free(key, held), REST_AFTER).unref()
  }
}

/** Threads do not spin: between two products there is other work, which they would slow down. */
function opened(model: Uint8Array, options: KeptOptions): Kept {
  return { session: openSession(model, { ...options, spin: false }), users: 0, rest: undefined }
}

async function free(key: string, { session }: Kept): Promise<void> {
  kept.delete(key)
  await (await session).dispose()
}
