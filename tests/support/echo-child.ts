// A forked process that answers echoContract until it is killed.
import { serve } from '../../main/wire/channel.ts'
import { portOfChild } from '../../main/wire/port.ts'
import { echoContract } from './echo-contract.ts'

serve(portOfChild(process), echoContract, {
  echo: (argument) => argument,
  never: () => new Promise(() => undefined)
})
