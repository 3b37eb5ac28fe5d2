// A process that holds an engine, asks for the map and says when its layout is under way: for a
// test that kills it. `node map-child.ts <library>`.
import { createEngine } from '../../main/engine/engine.ts'
import { connect } from '../../main/wire/channel.ts'
import { engineContract } from '../../main/wire/engine-contract.ts'
import { portPair } from '../../main/wire/port.ts'

async function main(library: string): Promise<void> {
  const engine = await createEngine({ library, watch: false })
  const [far, near] = portPair()
  engine.servePage(near)
  const page = connect(far, engineContract)
  page.on('map', (told) => {
    const isUnderWay = told.state === 'making' && told.share > 0.2
    if (isUnderWay || told.state === 'made') process.send?.('under way') // or was, on a fast machine
  })
  await page.call('map', { offset: 0, count: 1 })
}

const [library] = process.argv.slice(2)
if (!library) throw new Error('expected a library')
void main(library)
