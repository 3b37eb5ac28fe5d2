// A process that holds an engine and looks through its folders whenever it is sent a message:
// `node open-engine-child.ts <library>`.
import { createEngine } from '../../main/engine/engine.ts'
import { endOnUncaught } from '../../main/wire/uncaught.ts'

endOnUncaught(process, 'the engine') // as in its utility process

async function main(library: string): Promise<void> {
  const engine = await createEngine({ library, watch: false, settle: 0 })
  process.on('message', () => void engine.rescan())
  process.send?.('open')
}

const [library] = process.argv.slice(2)
if (!library) throw new Error('expected a library')
void main(library)
