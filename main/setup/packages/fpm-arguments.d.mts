// Types of fpm-arguments.mjs.

/** What is to be made. */
export function parsedArguments(args: readonly string[]): {
  contents: { from: string; to: string }[]
  depends: string[]
  recommends: string[]
  [name: string]: unknown
}
