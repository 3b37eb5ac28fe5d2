// Starts the photo thread from its TypeScript source: in plain Node, threads do not inherit tsx.
// Not part of the app, whose bundle has the thread as JavaScript.
import { tsImport } from 'tsx/esm/api'

await tsImport('./photo-thread.ts', import.meta.url)
