// The types of wasm-code.mjs.
import type { Plugin } from 'vite'

type Code = 'little-cms' | 'libheif' | 'magick' | 'reduce'

export function wasmCode(name: Code): Promise<Uint8Array<ArrayBuffer>>
export function bundledCode(): Plugin
export function bundledOwnCode(): Plugin
