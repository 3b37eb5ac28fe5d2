// The part of pako that Kindred uses: what others declare leaves out where unfinished output lies.
declare module 'pako' {
  export class Inflate {
    constructor(options: { chunkSize: number })
    /** 0 while nothing was wrong. */
    readonly err: number
    /** The stream has ended, or something was wrong. */
    readonly ended: boolean
    /** What came out that no chunk was made of yet: `next_out` bytes. */
    readonly strm: { output: Uint8Array; next_out: number }
    /** Hears chunks of `chunkSize` bytes, and the last one. */
    onData: (chunk: Uint8Array) => void
    push(bytes: Uint8Array, isLast: boolean): boolean
  }
  export function deflate(bytes: Uint8Array, options: { level: 0 }): Uint8Array
}
