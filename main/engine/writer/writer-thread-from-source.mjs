// Starts the writer's thread from its TypeScript source: in plain Node, threads do not inherit tsx,
// which Node needs before 22.18. Not part of the app, whose bundle has the thread as JavaScript.

if (!process.features.typescript) (await import('tsx/esm/api')).register()
await import('./writer-thread.ts')
