// How many tasks run at once, the rest waiting: the latest that came is the next, since somebody
// who goes on does not look at what they asked for before. Pure.

/** Makes the limit. */
export function latestFirst(atOnce: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (task) => {
    if (running < atOnce) running++
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await task()
    } finally {
      const next = waiting.pop()
      if (next) next()
      else running--
    }
  }
}
