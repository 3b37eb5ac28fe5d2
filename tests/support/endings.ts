// What a test does at its end, the last thing that was begun first: an app is closed before the
// disk and the folders that it was given go. Test code only.
import type { TestContext } from 'node:test'

/** What has an end, as a test: what is registered runs then. */
export type Ending = Pick<TestContext, 'after'>

const endings = new WeakMap<Ending, (() => unknown)[]>()

/** Registers what is done at the end. All of it is done; the first error is thrown then. */
export function atEnd(t: Ending, work: () => unknown): void {
  const known = endings.get(t)
  if (known) return void known.push(work)
  const works = [work]
  endings.set(t, works)
  t.after(async () => {
    const errors: unknown[] = []
    for (const each of works.reverse())
      try {
        await each()
      } catch (error) {
        errors.push(error)
      }
    if (errors.length > 0) throw errors[0]
  })
}
