// The types of little-cms-code.mjs.
import type { Plugin } from 'vite'

export function littleCmsCode(): Promise<Uint8Array<ArrayBuffer>>
export function bundledLittleCms(): Plugin
