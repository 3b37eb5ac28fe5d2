// Request and reply over a port: ids, cancellation, events, a handshake of versions, and the
// validation of every argument, result and event on arrival. The one place that knows the envelope.
import * as v from 'valibot'
import { Bug, Fault, FaultRecord, cancelled, faultOf } from './fault.ts'
import { movedOf, type Port } from './port.ts'

type Schema = v.GenericSchema<unknown, unknown>

export interface MethodShape {
  argument: Schema
  result: Schema
}

/** What one end offers to the other: methods that are called, events that are told. */
export interface ContractShape {
  name: string
  /** Raised by each incompatible change; both ends must agree. */
  version: number
  methods: Record<string, MethodShape>
  events: Record<string, Schema>
}

/** Names a contract, keeping its literal types. */
export function defineContract<const C extends ContractShape>(contract: C): C {
  return contract
}

/** What a method is called with. */
export type Argument<C extends ContractShape, K extends keyof C['methods']> = v.InferOutput<
  C['methods'][K]['argument']
>
type Result<C extends ContractShape, K extends keyof C['methods']> = v.InferOutput<
  C['methods'][K]['result']
>
type EventValue<C extends ContractShape, E extends keyof C['events']> = v.InferOutput<
  C['events'][E]
>

/** One function a method; the signal aborts when the caller cancels or its port closes. */
export type Handlers<C extends ContractShape> = {
  [K in keyof C['methods']]: (
    argument: Argument<C, K>,
    signal: AbortSignal
  ) => Promise<Result<C, K>> | Result<C, K>
}

export interface Client<C extends ContractShape> {
  /**
   * Calls a method of the far end. Rejects with a Fault: its own, `cancelled` or `process-lost`.
   */
  call<K extends keyof C['methods'] & string>(
    method: K,
    argument: Argument<C, K>,
    signal?: AbortSignal
  ): Promise<Result<C, K>>
  /** Listens to an event of the far end; returns how to stop. */
  on<E extends keyof C['events'] & string>(
    event: E,
    listener: (value: EventValue<C, E>) => void
  ): () => void
  /** Resolves when the port closes. */
  readonly closed: Promise<void>
  close(): void
}

export interface Server<C extends ContractShape> {
  emit<E extends keyof C['events'] & string>(event: E, value: EventValue<C, E>): void
  readonly closed: Promise<void>
  close(): void
}

const Envelope = v.variant('type', [
  v.object({ type: v.literal('hello'), contract: v.string(), version: v.number() }),
  v.object({ type: v.literal('call'), id: v.number(), method: v.string(), argument: v.unknown() }),
  v.object({ type: v.literal('cancel'), id: v.number() }),
  v.object({ type: v.literal('result'), id: v.number(), value: v.unknown() }),
  v.object({ type: v.literal('fault'), id: v.number(), fault: FaultRecord }),
  v.object({ type: v.literal('event'), name: v.string(), value: v.unknown() })
])

function checked<T>(schema: v.GenericSchema<unknown, T>, value: unknown, subject: string): T {
  const parsed = v.safeParse(schema, value)
  if (parsed.success) return parsed.output
  const issue = parsed.issues[0]
  const path = v.getDotPath(issue)
  throw new Fault({
    kind: 'bad-argument',
    subject: path ? `${subject}.${path}` : subject,
    expected: issue.expected ?? 'a valid value',
    received: issue.received
  })
}

function recordOf(error: unknown, subject: string): FaultRecord {
  // A Bug or an error of a library: told to the caller, with its stack on stderr for the developer.
  if (!(error instanceof Fault)) console.error(error)
  return faultOf(error, subject).record
}

/** How the end that serves a contract tells its events, before it serves or beside it. */
export function teller<C extends ContractShape>(port: Port, _contract: C): Server<C>['emit'] {
  return (name, value) => port.post({ type: 'event', name, value })
}

/** Answers calls on a port. Unknown methods and malformed arguments are refused with a Fault. */
export function serve<C extends ContractShape>(
  port: Port,
  contract: C,
  handlers: Handlers<C>
): Server<C> {
  const running = new Map<number, AbortController>()
  let greeted = false
  let markClosed: () => void = () => undefined
  const closed = new Promise<void>((resolve) => (markClosed = resolve))

  async function answer(id: number, name: string, argument: unknown): Promise<void> {
    const subject = `${contract.name}.${name}`
    const controller = new AbortController()
    running.set(id, controller)
    try {
      const method = Object.hasOwn(contract.methods, name) ? contract.methods[name] : undefined
      const handler = Object.hasOwn(handlers, name)
        ? handlers[name as keyof C['methods']]
        : undefined
      if (!method || !handler) {
        throw new Fault({
          kind: 'bad-argument',
          subject,
          expected: `one of ${Object.keys(contract.methods).join(', ')}`,
          received: name
        })
      }
      if (!greeted) throw versionFault(contract, 'no handshake')
      const value = await handler(checked(method.argument, argument, subject), controller.signal)
      port.post({ type: 'result', id, value }, movedOf(value))
    } catch (error) {
      // Whatever a stopped handler ends with, its caller asked for it: no error of ours.
      const fault = controller.signal.aborted ? cancelled(subject).record : recordOf(error, subject)
      port.post({ type: 'fault', id, fault })
    } finally {
      running.delete(id)
    }
  }

  port.onMessage((message) => {
    const parsed = v.safeParse(Envelope, message)
    if (!parsed.success) return // not of this line; nothing to answer to
    const envelope = parsed.output
    if (envelope.type === 'hello') {
      greeted = envelope.contract === contract.name && envelope.version === contract.version
      port.post({ type: 'hello', contract: contract.name, version: contract.version })
    } else if (envelope.type === 'call') {
      void answer(envelope.id, envelope.method, envelope.argument)
    } else if (envelope.type === 'cancel') {
      running.get(envelope.id)?.abort()
    }
  })
  port.onClose(() => {
    for (const controller of running.values()) controller.abort()
    markClosed()
  })
  return {
    emit: teller(port, contract),
    closed,
    close: () => port.close()
  }
}

/** Opens the calling end of a port. The first message is the handshake. */
export function connect<C extends ContractShape>(port: Port, contract: C): Client<C> {
  interface Waiting {
    method: MethodShape
    subject: string
    resolve: (value: unknown) => void
    reject: (fault: Fault) => void
  }
  const waiting = new Map<number, Waiting>()
  const listeners = new Map<string, Set<(value: unknown) => void>>()
  let nextId = 1
  let refusal: Fault | undefined
  let markClosed: () => void = () => undefined
  const closed = new Promise<void>((resolve) => (markClosed = resolve))

  function refuseAll(fault: Fault): void {
    refusal ??= fault
    for (const [id, entry] of waiting) {
      waiting.delete(id)
      entry.reject(fault)
    }
  }

  port.onMessage((message) => {
    const parsed = v.safeParse(Envelope, message)
    if (!parsed.success) return
    const envelope = parsed.output
    if (envelope.type === 'hello') {
      if (envelope.contract !== contract.name || envelope.version !== contract.version)
        refuseAll(versionFault(contract, `${envelope.contract} ${envelope.version}`))
    } else if (envelope.type === 'event') {
      const schema = Object.hasOwn(contract.events, envelope.name)
        ? contract.events[envelope.name]
        : undefined
      if (!schema) return
      const value = v.safeParse(schema, envelope.value)
      if (!value.success)
        return console.error(`${contract.name}.${envelope.name} came malformed: left out`)
      for (const listener of listeners.get(envelope.name) ?? []) listener(value.output)
    } else if (envelope.type === 'result' || envelope.type === 'fault') {
      const entry = waiting.get(envelope.id)
      if (!entry) return // cancelled here before the answer came
      waiting.delete(envelope.id)
      if (envelope.type === 'fault') return entry.reject(new Fault(envelope.fault))
      try {
        entry.resolve(checked(entry.method.result, envelope.value, `${entry.subject} result`))
      } catch (error) {
        entry.reject(error as Fault)
      }
    }
  })
  port.onClose(() => {
    refuseAll(
      new Fault({
        kind: 'process-lost',
        subject: contract.name,
        expected: 'an answer',
        received: 'a closed port'
      })
    )
    markClosed()
  })
  port.post({ type: 'hello', contract: contract.name, version: contract.version })

  function call(name: string, argument: unknown, signal?: AbortSignal): Promise<unknown> {
    const method = contract.methods[name]
    if (!method) throw new Bug(`${contract.name} has no method ${name}`)
    const subject = `${contract.name}.${name}`
    return new Promise((resolve, reject) => {
      if (refusal) return reject(refusal)
      if (signal?.aborted) return reject(cancelled(subject))
      const id = nextId++
      const abort = (): void => {
        if (!waiting.delete(id)) return
        port.post({ type: 'cancel', id })
        reject(cancelled(subject))
      }
      signal?.addEventListener('abort', abort, { once: true })
      const settle = (): void => signal?.removeEventListener('abort', abort)
      waiting.set(id, {
        method,
        subject,
        resolve: (value) => (settle(), resolve(value)),
        reject: (fault) => (settle(), reject(fault))
      })
      port.post({ type: 'call', id, method: name, argument }, movedOf(argument))
    })
  }

  return {
    // Every value passed the schema of its method, so the types hold (checked above).
    call: call as Client<C>['call'],
    on(event, listener) {
      const set = listeners.get(event) ?? new Set()
      listeners.set(event, set)
      const untyped = listener as (value: unknown) => void
      set.add(untyped)
      return () => void set.delete(untyped)
    },
    closed,
    close: () => port.close()
  }
}

function versionFault(contract: ContractShape, received: string): Fault {
  return new Fault({
    kind: 'version-mismatch',
    subject: contract.name,
    expected: `${contract.name} ${contract.version}`,
    received
  })
}
