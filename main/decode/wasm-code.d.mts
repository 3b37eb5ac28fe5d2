// The types of wasm-code.mjs.
import type { Plugin } from 'vite'

export function wasmCode(name: 'little-cms' | 'libheif' | 'magick'): Promise<Uint8Array<ArrayBuffer>>
export function bundledCode(): Plugin
