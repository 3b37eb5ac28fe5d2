// A process that asks for a file whose disk does not answer, then meets an error that nobody
// caught: `node hanging-child.ts <path>`.
import { lstat } from 'node:fs/promises'
import { endOnUncaught } from '../../main/wire/uncaught.ts'

endOnUncaught(process, 'the child') // as in the processes of the app

const [path] = process.argv.slice(2)
if (!path) throw new Error('expected a path')
void lstat(path)
setTimeout(() => {
  throw new Error('made by a test')
}, 100)
