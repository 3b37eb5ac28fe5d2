// A port, whatever carries it: a web MessagePort, Electron's MessagePortMain, a utility process's
// parentPort, a forked Node process or a worker thread. Structural types only, so that this room
// stays pure.

/**
 * One end of a two-way line. Messages are structured-cloned; buffers are copied, but for those that
 * are `moved` between threads (between processes Electron cannot: electron#34905).
 */
export interface Port {
  /** `moved`: buffers in the message that are the sender's no more where the line can move them. */
  post(message: unknown, moved?: readonly ArrayBuffer[]): void
  /** Called for each message, in order. One listener a port. */
  onMessage(listener: (message: unknown) => void): void
  /** Called once when the other end is gone or `close` was called here. */
  onClose(listener: () => void): void
  close(): void
}

interface MainPortLike {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start(): void
  close(): void
}

/** Wraps Electron's MessagePortMain (main and utility processes). */
export function portOfMain(port: MainPortLike): Port {
  return {
    post: (message) => port.postMessage(message),
    onMessage(listener) {
      port.on('message', (event) => listener(event.data))
      port.start()
    },
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close()
  }
}

interface WebPortLike {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'close', listener: () => void): void
  start(): void
  close(): void
}

/** Wraps a web MessagePort. Chromium tells of the other end's end since 122. */
export function portOfWeb(port: WebPortLike): Port {
  const closeListeners: (() => void)[] = []
  return {
    post: (message) => port.postMessage(message),
    onMessage(listener) {
      port.addEventListener('message', (event) => listener(event.data))
      port.start()
    },
    onClose(listener) {
      closeListeners.push(listener)
      port.addEventListener('close', listener)
    },
    close() {
      port.close()
      for (const listener of closeListeners.splice(0)) listener()
    }
  }
}

interface ChildLike {
  send?(message: unknown, handle: undefined, options: undefined, done: () => void): unknown
  readonly connected: boolean
  disconnect?(): void
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'disconnect', listener: () => void): unknown
}

/** Sends what can be sent: to a process that has just died nothing can, and its end is told. */
export function sendTo(child: ChildLike, message: unknown): void {
  const ignored = (): void => undefined // without it what cannot be sent is thrown
  if (child.connected) child.send?.(message, undefined, undefined, ignored)
}

/** Wraps a forked Node process, from either side (`serialization: 'advanced'`). */
export function portOfChild(child: ChildLike): Port {
  return {
    post: (message) => sendTo(child, message),
    onMessage: (listener) => void child.on('message', listener),
    onClose: (listener) => void child.on('disconnect', listener),
    close() {
      if (child.connected) child.disconnect?.()
    }
  }
}

interface ThreadLike {
  postMessage(message: unknown, moved?: readonly ArrayBuffer[]): void
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'exit' | 'close', listener: () => void): unknown
}

/**
 * Wraps a Worker, its parentPort on the other side, or a MessagePort between threads. Messages are
 * copied, shared memory and what is moved are not. Buffers that cannot be moved are copied, too:
 * those of native code, as sharp's, Node 20 copies by itself and Node 24 refuses. Only a
 * MessagePort can be closed: threads end with their process, or by Worker.terminate.
 */
export function portOfThread(thread: ThreadLike, close = (): void => undefined): Port {
  return {
    post(message, moved) {
      try {
        thread.postMessage(message, moved)
      } catch (error) {
        if (!moved?.length || !isRefusedToBeMoved(error)) throw error
        thread.postMessage(message) // nothing was moved
      }
    },
    onMessage: (listener) => void thread.on('message', listener),
    onClose(listener) {
      thread.on('exit', listener) // of a Worker
      thread.on('close', listener) // of the others
    },
    close
  }
}

function isRefusedToBeMoved(error: unknown): boolean {
  return error instanceof Error && error.name === 'DataCloneError'
}

/** Joins two lines: what comes on one goes out on the other, and they end together. */
export function relay(one: Port, other: Port): void {
  one.onMessage((message) => other.post(message))
  other.onMessage((message) => one.post(message))
  one.onClose(() => other.close())
  other.onClose(() => one.close())
}

/**
 * Several lines over one port, whose messages keep their order among each other; both ends name the
 * same lanes. Closing one closes all.
 */
export function lanesOf<const N extends string>(
  port: Port,
  names: readonly N[]
): Record<N, Port> {
  const listeners = new Map<unknown, (message: unknown) => void>()
  const closed: (() => void)[] = []
  port.onMessage((parcel) => {
    if (typeof parcel !== 'object' || parcel === null) return
    if (!('lane' in parcel) || !('message' in parcel)) return
    listeners.get(parcel.lane)?.(parcel.message)
  })
  port.onClose(() => closed.splice(0).forEach((listener) => listener()))
  const lane = (name: N): Port => ({
    post: (message) => port.post({ lane: name, message }),
    onMessage: (listener) => void listeners.set(name, listener),
    onClose: (listener) => void closed.push(listener),
    close: () => port.close()
  })
  return Object.fromEntries(names.map((name) => [name, lane(name)])) as Record<N, Port>
}

/** Two ports in one process, each the other's far end; delivery is asynchronous and in order. */
export function portPair(): [Port, Port] {
  interface End extends Port {
    message?: (message: unknown) => void
    waiting: unknown[]
    closed: (() => void)[]
    open: boolean
  }
  function end(): End {
    const self: End = {
      waiting: [],
      closed: [],
      open: true,
      post: () => undefined,
      onMessage(listener) {
        self.message = listener
        for (const message of self.waiting.splice(0)) queueMicrotask(() => listener(message))
      },
      onClose: (listener) => void self.closed.push(listener),
      close: () => undefined
    }
    return self
  }
  const ends: [End, End] = [end(), end()]
  function shut(): void {
    for (const one of ends) {
      if (!one.open) continue
      one.open = false
      for (const listener of one.closed.splice(0)) listener()
    }
  }
  ends.forEach((one, index) => {
    const other = ends[index === 0 ? 1 : 0]
    one.post = (message) => {
      if (!other.open) return
      const copy: unknown = structuredClone(message)
      queueMicrotask(() => {
        if (!other.open) return
        if (other.message) other.message(copy)
        else other.waiting.push(copy)
      })
    }
    one.close = shut
  })
  return ends
}

const movedWith = new WeakMap<object, readonly ArrayBuffer[]>()

/**
 * Marks bytes of an argument or a result as moved and not copied, where the line can: they are the
 * sender's no more. Those that are only a part of their buffer are copied. Returns the value.
 */
export function moving<T extends object>(value: T, ...parts: (Uint8Array | null)[]): T {
  const buffers: ArrayBuffer[] = []
  for (const part of parts) {
    if (part?.buffer instanceof ArrayBuffer && part.byteLength === part.buffer.byteLength)
      buffers.push(part.buffer)
  }
  movedWith.set(value, buffers)
  return value
}

/** The buffers that a value was marked with. */
export function movedOf(value: unknown): readonly ArrayBuffer[] | undefined {
  return typeof value === 'object' && value !== null ? movedWith.get(value) : undefined
}
