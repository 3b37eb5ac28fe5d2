// What whole-folder.mjs exports, for tests.

/** The folder of `key` beside `base`, made by `make` if there is none. */
export function wholeFolder(
  base: string,
  key: string,
  make: (folder: string) => void | Promise<void>
): Promise<string>
