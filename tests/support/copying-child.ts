// A process that makes copies of a library's catalogue, one after the other, until it is killed:
// `node copying-child.ts <library>`.
import { makeCopy } from '../../main/catalogue/copies.ts'

const [library] = process.argv.slice(2)
if (!library) throw new Error('expected a library')
for (;;) {
  makeCopy(library, Date.now())
  process.send?.('made')
}
