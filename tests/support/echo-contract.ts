// A tiny contract for tests of the line between processes.
import * as v from 'valibot'
import { defineContract } from '../../main/wire/channel.ts'

const numbers = v.instance(Float32Array)

export const echoContract = defineContract({
  name: 'echo',
  version: 1,
  methods: {
    echo: { argument: v.object({ numbers }), result: v.object({ numbers }) },
    never: { argument: v.object({}), result: v.object({}) }
  },
  events: {}
})
