// Starts the thread of the map from its TypeScript source: see writer-thread-from-source.mjs.
import { register } from 'tsx/esm/api'

register()
await import('./map-thread.ts')
