// Which provider `--provider auto` takes: the fastest of those that really run a step.
import assert from 'node:assert/strict'
import test from 'node:test'
import { fastestOf } from '../../../main/cli/reproduce/provider.ts'
import type { Provider } from '../../../model/learning.ts'

/** What is taken of cpu and webgpu when they take so long, or fail; and what is noted. */
async function taken(
  times: Partial<Record<Provider, number | Error>>
): Promise<{ provider: Provider; notes: string[] }> {
  const notes: string[] = []
  const measure = async (provider: Provider): Promise<number> => {
    const time = times[provider] ?? assert.fail(provider)
    if (typeof time === 'number') return time
    throw time
  }
  const provider = await fastestOf(['cpu', 'webgpu'], measure, (line) => notes.push(line))
  return { provider, notes }
}

test('the fastest is taken', async () => {
  assert.deepEqual(await taken({ cpu: 20, webgpu: 10.4 }), {
    provider: 'webgpu',
    notes: ['kindred: cpu: 20 ms for a small step', 'kindred: webgpu: 10 ms for a small step']
  })
  assert.equal((await taken({ cpu: 20, webgpu: 30 })).provider, 'cpu')
})

test('one that fails at a real step is noted in one line and left out, but never the cpu', async () => {
  const lost = new Error('the device is lost\nat kernel 7')
  assert.deepEqual(await taken({ cpu: 20, webgpu: lost }), {
    provider: 'cpu',
    notes: [
      'kindred: cpu: 20 ms for a small step',
      'kindred: webgpu: left out, it fails at a small step: the device is lost'
    ]
  })
  await assert.rejects(taken({ cpu: lost, webgpu: 10 }), lost)
})
