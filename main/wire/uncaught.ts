// What engine and compute do with an error that nobody caught. Pure: the process is given.

interface ProcessLike {
  on(event: 'uncaughtException' | 'unhandledRejection', listener: (error: unknown) => void): unknown
  readonly pid: number
  kill(pid: number, signal: 'SIGKILL'): unknown
}

/**
 * Prints an error that nobody caught and ends the process, so that app starts it anew: who goes on
 * after such an error may answer wrongly for ever. By a signal: Node's own end waits for all calls
 * to disks, of which one may never be answered. Since Electron 37 a rejection that
 * nobody handles is only a warning in a utility process, so this is not left to the runtime. To be
 * called before anything else.
 */
export function endOnUncaught(process: ProcessLike, name: string): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error) => {
      console.error(`kindred: ${name} ends, for nobody caught this:`, error)
      process.kill(process.pid, 'SIGKILL')
    })
}
