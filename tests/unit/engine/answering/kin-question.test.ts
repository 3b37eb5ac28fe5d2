// Questions for kin over a real catalogue: while another model comes to serve, and those that are
// asked beforehand.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createFilters } from '../../../../main/engine/answering/filters.ts'
import { kinOf } from '../../../../main/engine/answering/kin-question.ts'
import type { KinParts, Question } from '../../../../main/engine/answering/kin-question.ts'
import { createPictures } from '../../../../main/engine/answering/looked-pictures.ts'
import { warmUp } from '../../../../main/engine/answering/warm-up.ts'
import { createComputeLink } from '../../../../main/engine/lines/compute-link.ts'
import { describerOf } from '../../../../main/engine/lines/describer.ts'
import { D, N, encodeAll, fittedLibrary } from '../../../support/fitted-library.ts'
import type { FittedLibrary } from '../../../support/fitted-library.ts'
import { fitted } from '../../../support/quantizers.ts'

/** What a query takes, with no compute: all it asks with is stored. */
function kinParts({ catalogue, search }: FittedLibrary): KinParts {
  const link = createComputeLink({
    tuned: '',
    prepare: () => Promise.resolve(),
    onBegan: () => undefined,
    onState: () => undefined
  })
  const filters = createFilters(catalogue, () => 0)
  const describer = describerOf(link, { catalogue, thumbnails: '' })
  return { catalogue, search, describer, filters, pictures: createPictures() }
}

test('a model that comes to serve in the middle of a query answers it', async (context) => {
  const given = await fittedLibrary(context)
  const { search, ids } = given
  const other = await fitted(N, D, { bits: 32, seed: 9 })
  const [first, second] = [await encodeAll(given), await encodeAll(given, other)]
  const models = [await search.load(first), await search.load(second)] as const
  const parts = kinParts(given)
  const question: Question = {
    parts: [
      { of: { id: ids[3]! }, weight: 1 },
      { of: { id: ids[14]! }, weight: 0.5 }
    ],
    top: 40
  }
  const from = [undefined, models[0], models[1]] // features, a model, another, features again
  for (const [place, model] of [...models, undefined].entries()) {
    search.serve(from[place])
    const vectors = search.vectorsOf(ids[3]!)!
    // By when this returns, the first photo's vectors are those of what served.
    const asked = kinOf(parts, question)
    search.serve(model)
    assert.ok(!search.isCurrent(vectors), 'they are not any more')
    const answer = await asked
    assert.equal(answer.kin.length, 40)
    assert.deepEqual(answer, await kinOf(parts, question), 'all of it by what serves now')
  }
})

test('what was put away is no kin of a whole photo, alone or with others, nor the other way', async (t) => {
  const given = await fittedLibrary(t)
  const { catalogue, search, ids } = given
  search.serve(await search.load(await encodeAll(given)))
  const parts = kinParts(given)
  const [a, b] = [ids[3]!, ids[14]!]
  const ask = (...asked: Question['parts'][number][]) => kinOf(parts, { parts: asked, top: N })
  const like = (id: number) => ({ of: { id }, weight: 1 })
  const before = await ask(like(a))
  const away = before.kin[2]!.id
  catalogue.notKin.add([a], [away], 1)
  const after = await ask(like(a))
  assert.deepEqual(after.putAway, [away])
  assert.deepEqual(after.kin, before.kin.filter(({ id }) => id !== away))
  const both = await ask(like(b), like(a))
  assert.deepEqual([both.putAway, both.kin.some(({ id }) => id === away)], [[away], false])
  const back = await ask(like(away))
  assert.deepEqual([back.putAway, back.kin.some(({ id }) => id === a)], [[a], false])
  const unwanted = await ask(like(b), { of: { id: a }, weight: -1 })
  assert.deepEqual([unwanted.putAway, unwanted.kin.some(({ id }) => id === away)], [[], true])
  const asked = await ask(like(a), like(away))
  assert.deepEqual(asked.putAway, [], 'who asks with both knows it')
})

test('questions are asked beforehand once a model serves, of photos that it has encoded', async (t) => {
  const given = await fittedLibrary(t)
  const { catalogue, search, ids } = given
  const { signal } = new AbortController()
  assert.equal(await warmUp(catalogue, search, signal, 0), 0, 'features of few photos need none')
  search.serve(await search.load(await encodeAll(given)))
  assert.equal(await warmUp(catalogue, search, signal, 0), 12)
  catalogue.vectors.drop(ids[0]!)
  assert.equal(await warmUp(catalogue, search, signal, 0), 11)
  await assert.rejects(warmUp(catalogue, search, AbortSignal.abort(), 0), { name: 'AbortError' })
})
