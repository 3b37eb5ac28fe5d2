// Types of packaging.mjs.

/** The packages that lie in the app as they are. */
export const SHIPPED: readonly string[]

/** The dependencies that go into the bundle wherever it imports them. */
export const BUNDLED: readonly string[]

/** The fuses of the packaged Electron. */
export const FUSES: Readonly<Record<string, boolean>>

/** The configuration of electron-builder for a release. */
export const RELEASE: Readonly<Record<string, unknown>>

/** Files that hold machine code. */
export const NATIVE: RegExp
