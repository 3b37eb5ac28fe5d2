// Types of build.mjs.

/** Builds the app when its sources differ from those of the last complete build. */
export function ensureBuild(): Promise<void>

/** As `ensureBuild`, of the command line alone; resolves with its first file. */
export function ensureCommandLine(): Promise<string>

/** Of all that the app and the command line are built from: sha-256, hexadecimal. */
export function digestOfSources(): string
