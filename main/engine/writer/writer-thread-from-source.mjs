// Starts the writer's thread from its TypeScript source: in plain Node, threads do not inherit tsx.
// Not part of the app, whose bundle has the thread as JavaScript.
import { register } from 'tsx/esm/api'

register()
await import('./writer-thread.ts')
