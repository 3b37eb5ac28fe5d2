// What the operating system refused, as a Fault: the one table from its error codes to kinds.
// Pure; used where files are opened, read and written.
import { Fault } from './fault.ts'
import type { About, FaultKind } from './fault.ts'

const KINDS: Partial<Record<FaultKind, string>> = {
  'not-found': 'ENOENT ENOTDIR',
  'no-access': 'EACCES EPERM',
  'disk-full': 'ENOSPC EDQUOT',
  'read-only': 'EROFS',
  'system-busy': 'EMFILE ENFILE ENOMEM EAGAIN ENOBUFS',
  'disk-error':
    'EIO ESTALE ENXIO ENODEV ENOTCONN ENOLINK EBADMSG EUCLEAN EREMOTEIO ENOMEDIUM ETIMEDOUT ' +
    'EHOSTDOWN EHOSTUNREACH ENETDOWN ENETUNREACH ECONNABORTED ECONNREFUSED ECONNRESET EPIPE'
}

const KIND_BY_CODE: ReadonlyMap<string, FaultKind> = new Map(
  Object.entries(KINDS).flatMap(([kind, codes]) =>
    codes.split(' ').map((code) => [code, kind as FaultKind] as const)
  )
)

// Node has no name for these numbers of Linux: their code is "Unknown system error -116".
const UNNAMED: Record<number, string> = {
  [-67]: 'ENOLINK',
  [-74]: 'EBADMSG',
  [-112]: 'EHOSTDOWN',
  [-116]: 'ESTALE',
  [-117]: 'EUCLEAN',
  [-121]: 'EREMOTEIO',
  [-122]: 'EDQUOT',
  [-123]: 'ENOMEDIUM'
}

/** The code of an error of the operating system ('ENOSPC'); undefined for any other error. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('errno' in error)) return undefined
  if (typeof error.code !== 'string' || typeof error.errno !== 'number') return undefined
  return UNNAMED[error.errno] ?? error.code
}

/** The kind of fault that a code of the operating system stands for. */
export function kindOfCode(code: string): FaultKind {
  return KIND_BY_CODE.get(code) ?? 'unreadable'
}

/**
 * What the operating system refused, as a Fault; a Fault, or an error that no system call made, is
 * given back as it is.
 * @param about whose file or folder it was; a shortage of the system is the program's in any case
 */
export function systemFault(
  error: unknown,
  about: About,
  subject: string,
  expected: string
): unknown {
  if (error instanceof Fault) return error
  const code = systemCodeOf(error)
  if (code === undefined) return error
  const kind = kindOfCode(code)
  const whose = kind === 'system-busy' ? 'program' : about
  return new Fault({ kind, about: whose, subject, expected, received: code })
}
