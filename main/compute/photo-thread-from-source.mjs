// Starts the photo thread from its TypeScript source: in plain Node, threads do not inherit tsx,
// which Node needs before 22.18. Not part of the app, whose bundle has the thread as JavaScript.

if (process.features.typescript) await import('./photo-thread.ts')
else await (await import('tsx/esm/api')).tsImport('./photo-thread.ts', import.meta.url)
