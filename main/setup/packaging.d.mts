// Types of packaging.mjs.

/** The dependencies that are bundled. */
export const BUNDLED: readonly string[]

/** The fuses of the packaged Electron. */
export const FUSES: Readonly<Record<string, boolean>>

/** The configuration of electron-builder for a release. */
export const RELEASE: Readonly<Record<string, unknown>>
