// Starts the thread of the map from its TypeScript source: see writer-thread-from-source.mjs.

if (!process.features.typescript) (await import('tsx/esm/api')).register()
await import('./map-thread.ts')
