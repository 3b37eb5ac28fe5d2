// Types of licences.mjs.
import type { Plugin } from 'vite'

/** Gathers the licences of what is built, and writes them with the last build. */
export function licencePlugins(): { collect: Plugin; write: Plugin }
