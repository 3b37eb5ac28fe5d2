// Watches a folder as the engine does and says how it went: for a test with few watches allowed.
// `node watch-child.ts <folder>` prints one line of JSON after a second.
import { watchFolder } from '../../main/engine/folders/watch.ts'

const [folder = ''] = process.argv.slice(2)
const reasons = new Set<string>()
const watch = watchFolder(folder, () => false, {
  onHint: () => undefined,
  onTrouble: (reason) => void reasons.add(reason)
})
setTimeout(() => {
  process.stdout.write(`${JSON.stringify([...reasons])}\n`)
  void watch.close()
}, 1000)
