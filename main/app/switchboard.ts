// Joins the processes: makes a line for each pair that should talk, when both are up, and a new one
// whenever either was started again. Runs in app, which relays nothing afterwards.

/** Everything that can be at the end of a line. */
export type EndName = 'app' | 'page' | 'engine' | 'compute' | 'decoder'

/** How an end calls the other end of the line it is handed. */
export type PeerName = 'control' | 'page' | 'engine' | 'compute' | 'decoder'

interface Line {
  ends: readonly [EndName, EndName]
  /** What each end calls the other. */
  peers: readonly [PeerName, PeerName]
}

const LINES: readonly Line[] = [
  { ends: ['page', 'engine'], peers: ['engine', 'page'] },
  { ends: ['engine', 'compute'], peers: ['compute', 'engine'] },
  { ends: ['compute', 'decoder'], peers: ['decoder', 'compute'] },
  { ends: ['app', 'engine'], peers: ['engine', 'control'] }
]

/** Hands one end its port of a new line. */
export type HandOver<P> = (peer: PeerName, port: P) => void

export interface Switchboard<P> {
  /** The end is up and takes ports: joins it with every partner that is up too. */
  up(end: EndName, handOver: HandOver<P>): void
  /** The end is gone; its partners see their ports close. */
  down(end: EndName): void
}

/** @param makeLine makes the two ports of a new line. */
export function createSwitchboard<P>(makeLine: () => readonly [P, P]): Switchboard<P> {
  const ends = new Map<EndName, HandOver<P>>()
  return {
    up(end, handOver) {
      ends.set(end, handOver)
      for (const line of LINES) {
        if (!line.ends.includes(end)) continue
        const [first, second] = [ends.get(line.ends[0]), ends.get(line.ends[1])]
        if (!first || !second) continue
        const [firstPort, secondPort] = makeLine()
        first(line.peers[0], firstPort)
        second(line.peers[1], secondPort)
      }
    },
    down: (end) => void ends.delete(end)
  }
}
