// Starts the thread that finds duplicates from its TypeScript source: see
// writer-thread-from-source.mjs.

if (!process.features.typescript) (await import('tsx/esm/api')).register()
await import('./duplicate-thread.ts')
