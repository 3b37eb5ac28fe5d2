// Reads what the app was started with. Runs in app; pure.
import { resolve } from 'node:path'

/**
 * The folders named on a command line, as whole paths.
 * @param argv as in `process.argv`; switches are left out, and so is the app's own folder, which
 * comes first unless the app is packaged.
 * @param here the folder that relative ones are meant from.
 */
export function foldersOf(argv: readonly string[], isPackaged: boolean, here: string): string[] {
  const words = argv.slice(1).filter((word) => !word.startsWith('-'))
  return (isPackaged ? words : words.slice(1)).map((word) => resolve(here, word))
}
