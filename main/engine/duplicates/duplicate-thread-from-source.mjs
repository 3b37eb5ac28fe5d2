// Starts the thread that finds duplicates from its TypeScript source: see
// writer-thread-from-source.mjs.
import { register } from 'tsx/esm/api'

register()
await import('./duplicate-thread.ts')
