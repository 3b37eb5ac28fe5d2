// A decoder in a process of its own, for tests: sharp behind the decoder's contract. A photo whose
// name says so takes the process with it, as a crash of a real decoder would.
import { decodeWithSharp } from '../../main/decode/node.ts'
import { serve } from '../../main/wire/channel.ts'
import { decoderContract } from '../../main/wire/decoder-contract.ts'
import { portOfChild } from '../../main/wire/port.ts'
import { LARGE_PICTURES } from './decoding.ts'

let decodes = 0

serve(portOfChild(process), decoderContract, {
  async decode(request, signal) {
    if (request.subject.includes('killer')) process.kill(process.pid, 'SIGKILL')
    if (request.subject.includes('one bad moment') && process.argv[2] === '1' && decodes++ === 3)
      process.kill(process.pid, 'SIGKILL')
    return decodeWithSharp(request, signal)
  },
  ...LARGE_PICTURES,
  stepAside: () => ({})
})
