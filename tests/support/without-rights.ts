// Work as a user to whom folders can be closed: to root none is. Test code only.

/** The user and group without any rights. */
export const NOBODY = 65534

/** Why this process cannot be such a user; false where it can. */
export const NO_OTHER_USER: string | false = reason()

function reason(): string | false {
  if (process.geteuid?.() !== 0) return process.geteuid ? false : 'this system has no users'
  try {
    process.seteuid?.(NOBODY)
    process.seteuid?.(0)
    return false
  } catch (error) {
    return `root cannot become another user here: ${String(error)}`
  }
}

/** Does some work without the rights of root, all threads of this process included. */
export async function withoutRights<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work()
  process.seteuid?.(NOBODY)
  try {
    return await work()
  } finally {
    process.seteuid?.(0)
  }
}
