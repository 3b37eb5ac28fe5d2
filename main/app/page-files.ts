// Answers app:// requests with the built pages of out/pages, each with its policy as a header.
// Runs in app; knows files and web Responses, not Electron.
import { readFile } from 'node:fs/promises'
import { extname, join, relative } from 'node:path'
import { DECODER_HOST, PAGE_HOST } from './addresses.ts'
import { isInside } from './inside.ts'

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm'
}

type Policy = Record<string, string>

const NOTHING: Policy = {
  'default-src': "'none'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'"
}

const POLICIES: Record<string, Policy> = {
  [PAGE_HOST]: {
    ...NOTHING,
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self' photo:",
    'font-src': "'self'"
  },
  // Its bytes come through its port: it fetches nothing but its own scripts, which hold libraries
  // as WebAssembly. JavaScript is not made from text here either.
  [DECODER_HOST]: { ...NOTHING, 'script-src': "'self' 'wasm-unsafe-eval'" }
}

function headerOf(policy: Policy): string {
  return Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ')
}

function refusal(status: number): Response {
  return new Response(null, { status })
}

/**
 * The answer to a request for a page or one of its files.
 * @param root the folder of the built pages.
 * @returns 200 with the file; 403 for another method, host or a path out of the root; 404 when
 * missing.
 */
export async function pageResponse(root: string, request: Request): Promise<Response> {
  const url = new URL(request.url)
  const policy = Object.hasOwn(POLICIES, url.host) ? POLICIES[url.host] : undefined
  if (!policy || request.method !== 'GET') return refusal(403)
  let file: string
  try {
    file = join(root, decodeURIComponent(url.pathname))
  } catch {
    return refusal(403) // not a well-formed escape
  }
  const contentType = CONTENT_TYPES[extname(file)]
  if (!isInside(file, root) || relative(root, file).includes('\0')) return refusal(403)
  if (!contentType) return refusal(404)
  try {
    return new Response(await readFile(file), {
      headers: {
        'content-type': contentType,
        'content-security-policy': headerOf(policy),
        'x-content-type-options': 'nosniff',
        'x-dns-prefetch-control': 'off',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-cache'
      }
    })
  } catch {
    return refusal(404)
  }
}
