// The thread of the writer, beside the reader in the engine's process. Where the system has a
// priority for single threads, this one gets a lower one than the reader's.
import { constants, getPriority, setPriority } from 'node:os'
import { MessagePort, parentPort, workerData } from 'node:worker_threads'
import * as v from 'valibot'
import { connectCatalogue } from '../../catalogue/catalogue.ts'
import { connect, serve, teller } from '../../wire/channel.ts'
import { Bug } from '../../wire/fault.ts'
import type { Fault } from '../../wire/fault.ts'
import { LearnOptions } from '../../wire/learning-contract.ts'
import { lanesOf, portOfThread } from '../../wire/port.ts'
import { Patience } from '../../wire/disk/volume-calls.ts'
import { LANES, readerContract, writerContract } from '../../wire/writer-contract.ts'
import { keepCopies } from '../copies/copying.ts'
import { Spacings } from '../faults/decision.ts'
import { setPatience } from '../faults/disk.ts'
import { createWriter } from './writer.ts'
import { writerHandlers } from './writer-handlers.ts'

const Given = v.object({
  options: v.object({
    library: v.string(),
    watch: v.boolean(),
    settle: v.number(),
    learns: v.optional(LearnOptions),
    spacing: v.optional(Spacings),
    patience: v.optional(Patience),
    computeRestsAfter: v.optional(v.number())
  }),
  line: v.instance(MessagePort)
})

if (!parentPort) throw new Bug('the writer was not started as a worker')
// Since Electron 37 that alone would be a warning. Thrown, it is told to who started this thread.
process.on('unhandledRejection', (error) => {
  throw error
})
// Linux has a priority for each thread; elsewhere it would be that of the whole process. Where the
// process was started with a lower one (nice), that stays: only the superuser may raise it.
if (process.platform === 'linux')
  setPriority(0, Math.max(getPriority(0), constants.priority.PRIORITY_BELOW_NORMAL))

const { options, line } = v.parse(Given, workerData)
if (options.patience) setPatience(options.patience)
const lanes = lanesOf(portOfThread(line, () => line.close()), LANES)
const tell = teller(lanes.writer, writerContract)
const onDamage = ({ record }: Fault): void => tell('damaged', { fault: record })
const writer = createWriter(
  options,
  connectCatalogue(options.library, 'write', onDamage),
  connect(lanes.reader, readerContract),
  tell
)
serve(lanes.writer, writerContract, writerHandlers(writer))
keepCopies(options.library, onDamage, writer.stop)
parentPort.on('message', (port: unknown) => {
  if (port === 'end') process.exit(0) // the thread, not the process
  if (!(port instanceof MessagePort)) throw new Bug('the writer is sent ports, and its end')
  writer.link.attach(portOfThread(port, () => port.close()))
})
