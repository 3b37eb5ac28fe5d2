// `kindred devices`: what can compute here, and how fast it is. Needs no library; ONNX Runtime runs
// in this process.
import * as v from 'valibot'
import { measureDevicesOn } from '../../compute/measure-devices.ts'
import { BACKBONES } from '../open-library.ts'
import { EXIT, createOutput, table, tellError } from '../output.ts'
import type { Command } from '../parser.ts'

/** Registers the command. */
export function devicesCommand(program: Command): void {
  program
    .command('devices')
    .description('Measure what can compute here, on the real models.')
    .option('--json', 'print the answer as JSON on stdout')
    .addHelpText(
      'after',
      '\nAnswers {devices: [{provider, available, reason, photosPerSecond, stepMilliseconds, chosen}]}:' +
        '\nphotos through the backbone, and a step of head training (batch 256). reason says why one' +
        '\nis not used: it is not there, or does not give what the processor gives; chosen is the' +
        '\nfastest. Graphics cards, NVIDIA too, are used through webgpu.'
    )
    .action(devices)
}

async function devices(options: unknown): Promise<void> {
  const { json } = v.parse(v.object({ json: v.optional(v.boolean(), false) }), options)
  const output = createOutput(json)
  try {
    output.progress('measuring')
    const measured = await measureDevicesOn(BACKBONES)
    output.answer({ devices: measured }, () =>
      table(
        measured.map(({ provider, reason, photosPerSecond, stepMilliseconds, chosen }) => [
          chosen ? '*' : '',
          provider,
          ...(reason === null
            ? [`${said(photosPerSecond)} photos/s`, `${said(stepMilliseconds)} ms a step`]
            : [reason])
        ])
      )
    )
    process.exitCode = EXIT.done
  } catch (error) {
    process.exitCode = tellError(error)
  }
}

function said(speed: number | null): string {
  return speed === null ? '-' : speed.toPrecision(3)
}
