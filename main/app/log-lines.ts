// What may stand in a log that a person may send to others: names of photos, but none of their
// folders, and nothing of what a photo holds. Runs in app; pure.

/** Characters of a line; more tells nothing and may be anything. */
const LONGEST = 1000

// Where a path begins: the word that holds its first separator.
const BEGINNING = /[^\s'"`()[\]{}<>=,;]*[\\/]/
// What may follow the last separator of a path, at most.
const LAST_NAME = /^[^'"`()[\]{}<>,;:|]*/
// Files that are named: photos, and parts of the program. Any other name may be a folder's.
const PHOTO = 'jpe?g|jpe|jfif|png|webp|avif|gif|hei[cf]|tiff?|jxl|bmp|dng|cr[23]|nef|arw|raf|rw2|orf'
const PART = '[cm]?[jt]s|json|html|css|node|onnx|wasm|sqlite(-wal|-shm)?|lock|log|so|dll|cc|cpp|h'
const FILE = new RegExp(`\\.(${PHOTO}|${PART})$`, 'i')
// Lines of numbers alone: pixels or bytes that were printed.
const NUMBERS = /^[\s\d.,+-]+(\.\.\. \d+ more items)?[\s\]}]*$/

/**
 * A text as lines for the log: paths are cut to the name of the file, or to `(folder)` where it may
 * be a folder's; of several paths in a line only the last name is left, since names may hold
 * spaces. Numbers of pixels or bytes, addresses with data and control characters are left out.
 */
export function logLines(text: string): string[] {
  return text
    .split(/\r?\n|\r/)
    .filter((line) => /\S/.test(line) && !NUMBERS.test(line))
    .map((line) => withoutPaths(withoutData(line)).slice(0, LONGEST))
}

function withoutData(line: string): string {
  return line
    .replace(/\bdata:[^\s'")]*/g, 'data:')
    .replace(/<Buffer [^>]*>?/g, '<Buffer>')
    .replace(/\b(\w*Array\(\d+\)) \[.*/g, '$1')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '·')
}

function withoutPaths(line: string): string {
  const begins = line.search(BEGINNING)
  if (begins < 0) return line
  const ends = Math.max(line.lastIndexOf('/'), line.lastIndexOf('\\')) + 1
  const rest = line.slice(ends)
  const [name = ''] = LAST_NAME.exec(rest) ?? []
  const shown = FILE.test(name.trim()) ? name : '(folder)'
  return line.slice(0, begins) + shown + rest.slice(name.length)
}
